package io.gradwatch.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.gradwatch.cli.doctor.Finding.Severity;
import java.util.List;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class DoctorTest {
  @Test
  void keepsWhatTheOthersFindWhenOneCheckFails() throws InterruptedException {
    List<Finding> findings =
        Doctor.examine(
            List.of(
                new Fixed("topics", null),
                new Fixed("schemas", new IllegalStateException("no such thing")),
                new Fixed("acls", new TopicAuthorizationException("not yours")),
                new Fixed("lag", null)));

    assertThat(findings)
        .extracting(Finding::check, Finding::severity)
        .containsExactly(
            tuple("topics", Severity.OK),
            tuple("schemas", Severity.PROBLEM),
            tuple("acls", Severity.NOTE),
            tuple("lag", Severity.OK));
    assertThat(findings.get(1).found())
        .contains("java.lang.IllegalStateException: no such thing at ");
  }

  /** Finds one thing, or fails. */
  private record Fixed(String name, RuntimeException failure) implements Check {
    @Override
    public List<Finding> examine() {
      if (failure != null) {
        throw failure;
      }
      return List.of(Finding.ok(name, "", "", ""));
    }
  }
}
