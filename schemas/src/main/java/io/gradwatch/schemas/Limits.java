package io.gradwatch.schemas;

/**
 * Bounds of the wire contract. What is beyond them is refused by readers and not sent by writers.
 */
public final class Limits {
  /** Most bytes of one encoded record, framing included. */
  public static final int MAX_RECORD_BYTES = 512 * 1024;

  /** Largest step: the largest integer below which doubles skip none. */
  public static final long MAX_STEP = 1L << 53;

  /** Largest rank, and one less than the largest world size. */
  public static final int MAX_RANK = 1_048_575;

  /** Most layers of one run, and most values of one layer array. */
  public static final int MAX_LAYERS = 16_384;

  /** Most bytes of UTF-8 of a run id, a layer's, a metric's or a tag's name. */
  public static final int MAX_NAME_BYTES = 256;

  /** Most bytes of UTF-8 of free text: owner, framework, the value of a tag. */
  public static final int MAX_TEXT_BYTES = 1_024;

  /** Most bytes of UTF-8 of a URI. */
  public static final int MAX_URI_BYTES = 4_096;

  /** Most named metrics of one event. */
  public static final int MAX_METRICS = 256;

  /** Most tags of one run. */
  public static final int MAX_TAGS = 256;

  /** Most buckets of a histogram. */
  public static final int MAX_HISTOGRAM_BUCKETS = 256;

  /** Largest absolute exponent of a histogram's lowest bucket. */
  public static final int MAX_HISTOGRAM_EXPONENT = 1_100;

  private Limits() {}
}
