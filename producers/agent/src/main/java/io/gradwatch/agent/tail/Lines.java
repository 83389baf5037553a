package io.gradwatch.agent.tail;

/** Takes the lines of a log. */
interface Lines {

  /**
   * Other content than before begins, at its first line.
   *
   * @param size bytes it has now
   * @param before bytes that were read of the content before
   */
  void begin(long size, long before);

  /**
   * A line.
   *
   * @param number from 1
   */
  void line(String text, long number);

  /**
   * The last line of a content that does not grow any more, without a line's end.
   *
   * @return true when it is taken, false when it may be torn
   */
  boolean rest(String text, long number);

  /** A line is longer than {@link LogFile#LONGEST_LINE} bytes and passed over. */
  void tooLong(long number);
}
