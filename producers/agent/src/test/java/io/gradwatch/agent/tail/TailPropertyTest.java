package io.gradwatch.agent.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.traces.FieldNames;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A log is written in pieces of any size while it is rotated and the agent is killed and started:
 * every row arrives, in its order, once.
 */
class TailPropertyTest {
  private static final int ROWS = 200;

  /** What happens to the file besides that it grows. */
  private enum Rotation {
    NONE,
    RENAME,
    COPY_AND_CUT
  }

  @TempDir Path folder;

  @SuppressWarnings("unused") // @MethodSource
  private static LongStream seeds() {
    return LongStream.range(0, 40);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyRowArrivesInItsOrderOnce(long seed) throws Exception {
    Random random = new Random(seed);
    Rotation rotation = Rotation.values()[(int) (seed % 3)];
    Path log = folder.resolve("a.jsonl");
    Writer writer = new Writer(log, random);
    try (Tailing tailing =
        new Tailing(
            LineLogs.jsonl(log, null, FieldNames.common(), 1), folder.resolve("positions"))) {
      int rotated = 0;
      while (writer.hasMore()) {
        switch (random.nextInt(8)) {
          case 0 -> tailing.restart();
          case 1, 2 -> tailing.look();
          case 3 -> {
            if (rotation != Rotation.NONE) {
              // Content of which no line was read is not known under another name.
              writer.endLine();
              tailing.look().look().look();
              writer.write();
              writer.endLine(); // a line does not go on in another file
              rotate(rotation, log, ++rotated);
              // Two rotations between two looks lose what nobody holds any more.
              writer.write();
              tailing.look().look().look();
            }
          }
          default -> writer.write();
        }
      }
      tailing.look().look().look();

      assertThat(tailing.events().steps()).as("seed %d", seed).isEqualTo(writer.steps());
      assertThat(tailing.notes()).isEmpty();
    }
  }

  private static void rotate(Rotation rotation, Path log, int number) throws Exception {
    Path old = log.resolveSibling("a.jsonl." + number);
    if (rotation == Rotation.RENAME) {
      Files.move(log, old);
    } else {
      Files.copy(log, old);
      Files.write(log, new byte[0]);
    }
  }

  /** Writes rows that rewind now and then, in pieces. */
  private static final class Writer {
    private final Path log;
    private final Random random;
    private final List<String> steps = new ArrayList<>();
    private final byte[] bytes;
    private int position;

    Writer(Path log, Random random) {
      this.log = log;
      this.random = random;
      StringBuilder all = new StringBuilder();
      long step = 0;
      int attempt = 0;
      for (int i = 0; i < ROWS; i++) {
        if (step > 5 && random.nextInt(40) == 0) {
          step -= 1 + random.nextInt((int) step - 1);
          attempt++;
        } else {
          step += 1 + random.nextInt(3);
        }
        steps.add(attempt + ":" + step);
        all.append("{\"step\":").append(step).append(",\"loss\":").append(i).append("}\n");
      }
      bytes = all.toString().getBytes(StandardCharsets.UTF_8);
    }

    boolean hasMore() {
      return position < bytes.length;
    }

    List<String> steps() {
      return steps;
    }

    void write() throws Exception {
      write(Math.min(bytes.length - position, 1 + random.nextInt(300)));
    }

    void endLine() throws Exception {
      int to = Math.max(1, position);
      while (to < bytes.length && bytes[to - 1] != '\n') {
        to++;
      }
      write(to - position);
    }

    private void write(int length) throws Exception {
      byte[] piece = Arrays.copyOfRange(bytes, position, position + length);
      Files.write(log, piece, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      position += length;
    }
  }
}
