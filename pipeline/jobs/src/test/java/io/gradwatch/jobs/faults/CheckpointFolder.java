package io.gradwatch.jobs.faults;

import io.gradwatch.jobs.RetainedCheckpoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Where checkpoints go: a link that can be made to lead nowhere, as if the storage were away. */
public final class CheckpointFolder {
  /** Longer than Flink needs to see that they are back, and we to see that it gave up before. */
  private static final Duration A_WHILE = Duration.ofMinutes(1);

  private final Path link;
  private final Path storage;
  private final Path nowhere;
  private Instant lastAway = Instant.MIN;

  private CheckpointFolder(Path parent) {
    link = parent.resolve("checkpoints");
    storage = parent.resolve("checkpoint-storage");
    nowhere = parent.resolve("not-a-folder");
  }

  public static CheckpointFolder create(Path parent) throws IOException {
    CheckpointFolder folder = new CheckpointFolder(parent);
    Files.createDirectories(folder.storage);
    Files.writeString(folder.nowhere, "Nothing can be created or found below a file.\n");
    Files.createSymbolicLink(folder.link, folder.storage);
    return folder;
  }

  /** What Flink is told; without a look at the disk, so that it always ends alike. */
  public String uri() {
    return "file://" + link + "/";
  }

  /** The newest checkpoint of a job. */
  Optional<String> newest(String jobId) {
    return RetainedCheckpoints.newest(storage.resolve(jobId));
  }

  /** From now on every access fails. */
  public void takeAway() {
    lastAway = Instant.MAX;
    lead(nowhere);
  }

  /** From now on everything is there again. */
  public void bringBack() {
    lead(storage);
    lastAway = Instant.now();
  }

  /** Whether they are away, or were a moment ago. */
  boolean wereAwayLately() {
    return lastAway.isAfter(Instant.now().minus(A_WHILE));
  }

  private void lead(Path where) {
    try {
      Path next = Files.createSymbolicLink(link.resolveSibling("checkpoints.next"), where);
      Files.move(next, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + link + " lead to " + where, e);
    }
  }
}
