package io.gradwatch.cli;

import io.gradwatch.cli.kafka.DeadLetter;
import io.gradwatch.cli.terminal.CommandFailedException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/** Letters that were asked for by their ids, or all, among those that are chosen. */
final class LetterSearch {
  private final LetterChoice letters;
  private final Set<String> wanted;
  private final Set<String> missing;
  private final Set<String> notChosen = new LinkedHashSet<>();

  /**
   * A search.
   *
   * @param ids the letters wanted; empty: all
   */
  LetterSearch(LetterChoice letters, Collection<String> ids) {
    this.letters = letters;
    wanted = Set.copyOf(ids);
    missing = new LinkedHashSet<>(ids);
  }

  /** True for a letter that is wanted and chosen. */
  boolean finds(DeadLetter letter) {
    boolean isWanted = wanted.isEmpty() || wanted.contains(letter.id());
    boolean isChosen = letters.isChosen(letter);
    if (isWanted) {
      missing.remove(letter.id());
      if (!isChosen && !wanted.isEmpty()) {
        notChosen.add(letter.id());
      }
    }
    return isWanted && isChosen;
  }

  /**
   * To be asked after all letters were looked at.
   *
   * @throws CommandFailedException when one that is wanted was not there or not chosen
   */
  void requireAll() {
    if (!missing.isEmpty()) {
      throw new CommandFailedException(
          "there is no letter " + String.join(", ", missing) + "; list prints which are");
    }
    if (!notChosen.isEmpty()) {
      throw new CommandFailedException(
          "letter "
              + String.join(", ", notChosen)
              + " is there, but not chosen by --reason, --topic and --run");
    }
  }
}
