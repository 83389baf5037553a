package io.gradwatch.cli.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Checkpoints and savepoints of one job in one folder. */
final class Snapshots {
  /** Flink writes this file last: a folder that has it is complete. */
  private static final String COMPLETE = "_metadata";

  /** checkpoints/JOB/chk-N/_metadata, savepoints/savepoint-X/_metadata. */
  private static final int DEPTH = 4;

  private final Path folder;

  Snapshots(Path folder) {
    this.folder = folder;
  }

  /** Where checkpoints go. */
  Path checkpoints() {
    return folder.resolve("checkpoints");
  }

  /** Where savepoints go. */
  Path savepoints() {
    return folder.resolve("savepoints");
  }

  /** The newest complete one. */
  Optional<Path> newest() throws IOException {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.walk(folder, DEPTH)) {
      return files
          .filter(file -> file.endsWith(COMPLETE))
          .max(Comparator.comparing(Snapshots::writtenAt))
          .map(Path::getParent);
    }
  }

  /** The beginning of time for one that has gone in the meantime. */
  private static FileTime writtenAt(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }
}
