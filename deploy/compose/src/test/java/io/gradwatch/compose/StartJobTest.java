package io.gradwatch.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From where {@code start-job} lets the job begin: what it hands to the entry point of Flink. */
class StartJobTest {
  private static final Path SCRIPT = Path.of("../images/bin/start-job");
  private static final String ENTRY_POINT = "/docker-entrypoint.sh";
  private static final String PATH = "-Dexecution.state-recovery.path=";
  private static final String CLAIM_MODE = "-Dexecution.state-recovery.claim-mode=";

  @TempDir private Path folder;
  private Path script;
  private Path state;

  /** The script itself, but for the entry point, which tells what it was called with. */
  @BeforeEach
  void copyTheScript() throws IOException {
    state = Files.createDirectory(folder.resolve("state"));
    Path entryPoint = program("entry-point", "#!/bin/bash\nprintf '%s\\n' \"$@\"\n");
    String text = Files.readString(SCRIPT);
    assertThat(text).containsOnlyOnce(ENTRY_POINT);
    script = program("start-job", text.replace(ENTRY_POINT, entryPoint.toString()));
  }

  private Path program(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  /** A snapshot that is complete. */
  private String snapshot(String name, int writtenAtSecond) throws IOException {
    Path snapshot = Files.createDirectories(state.resolve(name));
    Path metadata = Files.writeString(snapshot.resolve("_metadata"), "");
    Files.setLastModifiedTime(metadata, FileTime.fromMillis(writtenAtSecond * 1_000L));
    return "file://" + snapshot;
  }

  private List<String> start(String... arguments) {
    List<String> command = new ArrayList<>(List.of("bash", script.toString()));
    Collections.addAll(command, arguments);
    return new Shell(folder, Map.of("GRADWATCH_STATE", state.toString()))
        .run(command)
        .lines()
        .toList();
  }

  /** What is handed over whatever there is. */
  private List<String> always(String... more) {
    return Stream.concat(
            Stream.of(
                "standalone-job",
                "--job-classname",
                "io.gradwatch.jobs.GradwatchJob",
                "-Dexecution.checkpointing.dir=file://" + state + "/checkpoints",
                "-Dexecution.checkpointing.savepoint-dir=file://" + state + "/savepoints"),
            Stream.of(more))
        .toList();
  }

  @Test
  void beginsAnewWhereThereIsNothing() {
    assertThat(start()).isEqualTo(always());
  }

  @Test
  void handsSettingsToFlinkAndOptionsToTheJob() {
    assertThat(start("-Da=b c", "--", "--bootstrap-server", "kafka:9092", "--"))
        .isEqualTo(always("-Da=b c", "--bootstrap-server", "kafka:9092", "--"));
  }

  @Test
  void goesOnFromTheNewestCheckpointAndOwnsIt() throws IOException {
    snapshot("checkpoints/job-b/chk-9", 100);
    String newest = snapshot("checkpoints/job-a/chk-3", 300);
    snapshot("checkpoints/job-a/chk-2", 200);
    snapshot("savepoints/savepoint-1", 250);
    assertThat(start("-Da=b", "--", "--project", "x"))
        .isEqualTo(always("-Da=b", CLAIM_MODE + "CLAIM", PATH + newest, "--project", "x"));
  }

  @Test
  void leavesASavepointToWhoTookIt() throws IOException {
    snapshot("checkpoints/job-a/chk-3", 300);
    String newest = snapshot("savepoints/savepoint-1", 400);
    assertThat(start()).isEqualTo(always(CLAIM_MODE + "NO_CLAIM", PATH + newest));
  }

  @Test
  void passesOverWhatIsNotComplete() throws IOException {
    Files.createDirectories(state.resolve("checkpoints/job-a/chk-4"));
    Files.createDirectories(state.resolve("checkpoints/job-a/shared"));
    assertThat(start()).isEqualTo(always());
    String complete = snapshot("checkpoints/job-a/chk-3", 300);
    assertThat(start()).isEqualTo(always(CLAIM_MODE + "CLAIM", PATH + complete));
  }

  @Test
  void takesWhatSomebodyNames() throws IOException {
    snapshot("checkpoints/job-a/chk-3", 300);
    String named = PATH + "s3://bucket/savepoint-1";
    assertThat(start(named)).isEqualTo(always(named));
  }
}
