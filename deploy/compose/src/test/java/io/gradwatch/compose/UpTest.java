package io.gradwatch.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code up} asks of an engine that only answers, and what it says. */
class UpTest {
  private static final Path SCRIPT = Path.of("up");

  /** Writes down what it is asked; answers from variables. */
  private static final String DOCKER =
      """
      #!/bin/bash
      echo "$(basename "$PWD"): $*" >>"$ASKED"
      case "$*" in
        info*) [ -n "$MEMORY" ] && echo "$MEMORY" ;;
        "compose version") ;;
        "compose config") printf '    image: %s\\n' $IMAGES ;;
        "image inspect"*) [[ " $THERE " == *" $3 "* ]] ;;
        "compose up"*) exit "$UP" ;;
        "compose exec -T console cat "*) printf 'operator operator t0k\\nviewer prometheus v1\\n' ;;
        "compose exec"*) ;;
        "compose port console 9600") echo 127.0.0.1:9601 ;;
        "compose port jobmanager 8081") echo 127.0.0.1:8081 ;;
        "compose port"*) exit 1 ;;
        *) exit 99 ;;
      esac
      """;

  private static final String OURS = "gradwatch/job:latest gradwatch/console:latest";

  @TempDir private Path folder;
  private final Map<String, String> environment = new TreeMap<>();

  @BeforeEach
  void anEngineThatHasAll() throws IOException {
    Path compose = Files.createDirectory(folder.resolve("compose"));
    program(compose.resolve("up"), Files.readString(SCRIPT));
    program(
        Files.createDirectory(folder.resolve("images")).resolve("build"),
        "#!/bin/bash\necho built >>\"$ASKED\"\n");
    Path bin = Files.createDirectory(folder.resolve("bin"));
    program(bin.resolve("docker"), DOCKER);
    environment.put("PATH", bin + ":/usr/bin:/bin");
    environment.put("ASKED", folder.resolve("asked").toString());
    environment.put("MEMORY", String.valueOf(16L << 30));
    environment.put("IMAGES", OURS + " grafana/grafana:1");
    environment.put("THERE", OURS);
    environment.put("UP", "0");
  }

  private static void program(Path file, String text) throws IOException {
    Files.setPosixFilePermissions(
        Files.writeString(file, text), PosixFilePermissions.fromString("rwx------"));
  }

  private Shell.Answer up(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(folder.resolve("compose/up").toString());
    Collections.addAll(command, arguments);
    return new Shell(folder, environment).attempt(command);
  }

  private List<String> asked() throws IOException {
    return Files.readAllLines(folder.resolve("asked"));
  }

  @Test
  void saysWhereWhatRunsIsToBeFoundAndNoMore() throws IOException {
    Shell.Answer answer = up("--wait", "console");
    assertThat(answer.out().lines())
        .containsExactly(
            "console       http://127.0.0.1:9601     sign in with the token t0k",
            "flink         http://127.0.0.1:8081    ");
    assertThat(answer.err()).isEmpty();
    assertThat(answer.code()).isZero();
    assertThat(asked()).contains("compose: compose up --detach --wait console");
  }

  @Test
  void buildsWhatIsBuiltHereAndNotThere() throws IOException {
    up();
    assertThat(asked()).doesNotContain("built");
    environment.put("THERE", "gradwatch/job:latest");
    up();
    assertThat(asked()).containsOnlyOnce("built");
    environment.put("THERE", OURS);
    up("--build");
    assertThat(asked().stream().filter("built"::equals)).hasSize(2);
    assertThat(asked()).doesNotContain("compose: compose up --detach --build");
  }

  @Test
  void leavesAnImageThatSomebodyNamesToCompose() throws IOException {
    environment.put("IMAGES", "example.com/job:1 example.com/console:1");
    environment.put("THERE", "");
    up();
    assertThat(asked()).doesNotContain("built").contains("compose: compose up --detach");
  }

  @Test
  void doesNothingWithoutAnEngine() throws IOException {
    environment.put("MEMORY", "");
    Shell.Answer answer = up();
    assertThat(answer.code()).isEqualTo(1);
    assertThat(answer.err()).contains("no container engine answers");
    assertThat(asked()).hasSize(1);
  }

  @Test
  void warnsOfAnEngineThatIsTooSmall() {
    environment.put("MEMORY", String.valueOf((6L << 30) - 1));
    Shell.Answer answer = up();
    assertThat(answer.code()).isZero();
    assertThat(answer.err()).contains("the engine has 6143 MiB");
    environment.put("MEMORY", String.valueOf(6L << 30));
    assertThat(up().err()).isEmpty();
  }

  @Test
  void saysWhereToLookWhenNotAllStarts() {
    environment.put("UP", "1");
    Shell.Answer answer = up();
    assertThat(answer.code()).isEqualTo(1);
    assertThat(answer.err()).contains("docker compose ps");
    assertThat(answer.out()).isEmpty();
  }
}
