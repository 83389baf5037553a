package io.gradwatch.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.RecordFormatException.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Ids without a schema; what is kept of the others is in RecordCodecTest. */
class RegistryWritersTest {
  private static final long REFUSED_FOR = RegistryWriters.REFUSED_FOR.toNanos();
  private static final Schema EVENT = TrainingEvent.getClassSchema();

  private final List<Integer> asked = new ArrayList<>();
  private @Nullable RuntimeException trouble;
  private @Nullable String text;
  private long nanos = Long.MAX_VALUE - 5; // it overflows soon, as System.nanoTime may
  private final RegistryWriters writers =
      new RegistryWriters(
          new SchemaRegistry() {
            @Override
            public @Nullable String schema(int id) {
              asked.add(id);
              if (trouble != null) {
                throw trouble;
              }
              return text;
            }

            @Override
            public int id(String subject, Schema schema) {
              throw new AssertionError("nothing is written");
            }
          },
          EVENT,
          () -> nanos);

  private void assertUnknown(int id, String message) {
    assertThatThrownBy(() -> writers.writer(id))
        .isInstanceOf(RecordFormatException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((RecordFormatException) e).fault())
        .isEqualTo(Fault.UNKNOWN_SCHEMA);
  }

  @Test
  void asksForAnUnknownIdOnceAndAgainWhenItsTimeIsOver() throws RecordFormatException {
    assertUnknown(7, "schema id is 7, which the registry does not know");
    text = EVENT.toString();
    nanos += REFUSED_FOR - 1;
    assertUnknown(7, "schema id is 7, which the registry does not know");
    assertThat(asked).containsExactly(7);
    nanos += 1;
    assertThat(writers.writer(7).fingerprint()).isEqualTo(KnownSchemas.fingerprint(EVENT));
    assertThat(writers.writer(7).fingerprint()).isEqualTo(KnownSchemas.fingerprint(EVENT));
    assertThat(asked).containsExactly(7, 7);
    assertThat(writers.keptRefusals()).isZero();
  }

  @Test
  void countsTheTimeFromTheLastAnswer() {
    assertUnknown(7, "does not know");
    nanos += REFUSED_FOR;
    assertUnknown(7, "does not know");
    nanos += REFUSED_FOR - 1;
    assertUnknown(7, "does not know");
    assertThat(asked).containsExactly(7, 7);
  }

  @Test
  void remembersSoManyAndNoMore() {
    for (int id = 1; id <= RegistryWriters.MAX_REFUSED; id++) {
      assertUnknown(id, "schema id is " + id + ",");
    }
    assertUnknown(1, "does not know");
    assertThat(asked).hasSize(RegistryWriters.MAX_REFUSED);
    assertUnknown(1_000, "does not know"); // 2 was used longest ago
    assertUnknown(1, "does not know");
    assertThat(asked).hasSize(RegistryWriters.MAX_REFUSED + 1);
    assertUnknown(2, "does not know");
    assertThat(asked).hasSize(RegistryWriters.MAX_REFUSED + 2);
    assertThat(writers.keptRefusals()).isEqualTo(RegistryWriters.MAX_REFUSED);
  }

  @Test
  void driveNoSchemaOut() throws RecordFormatException {
    text = EVENT.toString();
    writers.writer(1);
    text = null;
    for (int id = 2; id <= 2 * RegistryWriters.MAX_KEPT; id++) {
      assertUnknown(id, "does not know");
    }
    asked.clear();
    writers.writer(1);
    assertThat(asked).isEmpty();
  }

  @Test
  void refusesWhatTheRegistryRefusesToTell() throws RecordFormatException {
    trouble = new SchemaRefusedException("schema id is 7, and so on", new IOException("403"));
    assertUnknown(7, "schema id is 7, and so on");
    assertUnknown(7, "schema id is 7, and so on");
    assertThat(asked).containsExactly(7);
    trouble = null;
    text = EVENT.toString();
    nanos += REFUSED_FOR;
    assertThat(writers.writer(7).fingerprint()).isEqualTo(KnownSchemas.fingerprint(EVENT));
  }

  @Test
  void remembersNothingOfARegistryThatIsAway() throws RecordFormatException {
    trouble = new UncheckedIOException(new IOException("away"));
    assertThatThrownBy(() -> writers.writer(7)).isInstanceOf(UncheckedIOException.class);
    assertThatThrownBy(() -> writers.writer(7)).isInstanceOf(UncheckedIOException.class);
    trouble = null;
    text = EVENT.toString();
    assertThat(writers.writer(7).fingerprint()).isEqualTo(KnownSchemas.fingerprint(EVENT));
    assertThat(asked).containsExactly(7, 7, 7);
  }
}
