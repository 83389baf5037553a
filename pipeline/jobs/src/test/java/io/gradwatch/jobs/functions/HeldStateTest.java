package io.gradwatch.jobs.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.streaming.api.operators.KeyContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class HeldStateTest {
  /** A backend that keeps what it was told, by key, and counts. */
  private static final class Backend implements ValueState<String>, KeyContext {
    private final Map<String, String> stored = new HashMap<>();
    private final List<String> written = new ArrayList<>();
    private String key = "";
    private int reads;

    @Override
    public void setCurrentKey(Object chosen) {
      key = (String) chosen;
    }

    @Override
    public Object getCurrentKey() {
      return key;
    }

    @Override
    public @Nullable String value() {
      reads++;
      return stored.get(key);
    }

    @Override
    public void update(String value) {
      written.add(key);
      stored.put(key, value);
    }

    @Override
    public void clear() {
      stored.remove(key);
    }
  }

  private final Backend backend = new Backend();
  private HeldState<String> held = new HeldState<>(backend, backend, 2);

  private @Nullable String value(String key) throws IOException {
    backend.setCurrentKey(key);
    return held.value();
  }

  private void update(String key, String value) throws IOException {
    backend.setCurrentKey(key);
    held.update(value);
  }

  @Test
  void whatIsHeldIsReadOnceAndWrittenWithTheCheckpoint() throws IOException {
    backend.stored.put("a", "0");
    for (int i = 1; i <= 5; i++) {
      assertThat(value("a")).isEqualTo("" + (i - 1));
      update("a", "" + i);
    }
    assertThat(backend.reads).isEqualTo(1);
    assertThat(backend.written).isEmpty();
    held.write();
    assertThat(backend.stored).containsEntry("a", "5");
    held.write();
    assertThat(backend.written).as("nothing has changed since").containsExactly("a");
  }

  @Test
  void whatOnlyWasLookedAtIsNotWritten() throws IOException {
    assertThat(value("a")).isNull();
    backend.stored.put("b", "1");
    assertThat(value("b")).isEqualTo("1");
    held.write();
    assertThat(backend.written).isEmpty();
  }

  @Test
  void whoFindsNoRoomIsWrittenAndReadAtOnceAndNobodyMakesRoom() throws IOException {
    for (int round = 0; round < 3; round++) {
      for (String key : List.of("a", "b", "c")) {
        value(key);
        update(key, key + round);
      }
    }
    assertThat(backend.written).containsExactly("c", "c", "c");
    assertThat(value("c")).isEqualTo("c2");
    assertThat(value("a")).isEqualTo("a2");
  }

  @Test
  void whoWasNotAskedForSinceTheCheckpointBeforeLeaves() throws IOException {
    update("a", "1");
    update("b", "2");
    held.write();
    value("b");
    held.write();
    backend.written.clear();
    update("c", "3");
    update("a", "4");
    assertThat(backend.written).as("c has a's place").containsExactly("a");
    assertThat(value("b")).isEqualTo("2");
    assertThat(value("a")).isEqualTo("4");
  }

  @Test
  void whatIsNotThereTakesNoPlace() throws IOException {
    for (int i = 0; i < 10; i++) {
      assertThat(value("refused-" + i)).isNull();
    }
    update("a", "1");
    update("b", "2");
    assertThat(backend.written).isEmpty();
  }

  @Test
  void whatIsForgottenDoesNotComeBack() throws IOException {
    update("a", "1");
    held.write();
    backend.setCurrentKey("a");
    held.clear();
    held.write();
    assertThat(value("a")).isNull();
    assertThat(backend.stored).isEmpty();
  }

  @Test
  void holdingAnyNumberOfKeysChangesNothingOfWhatIsKnown() throws IOException {
    Random random = new Random(4);
    for (int most = 1; most <= 5; most++) {
      backend.stored.clear();
      held = new HeldState<>(backend, backend, most);
      Map<String, String> known = new HashMap<>();
      for (int i = 0; i < 2_000; i++) {
        String key = "k" + random.nextInt(6);
        switch (random.nextInt(8)) {
          case 0 -> {
            backend.setCurrentKey(key);
            held.clear();
            known.remove(key);
          }
          case 1 -> {
            held.write();
            assertThat(backend.stored).isEqualTo(known);
          }
          case 2, 3 -> assertThat(value(key)).isEqualTo(known.get(key));
          default -> {
            update(key, "v" + i);
            known.put(key, "v" + i);
          }
        }
      }
    }
  }
}
