package io.gradwatch.lab.latency;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AnswersTest {
  private final Answers answers = new Answers();

  @Test
  void belongToTheirRun() {
    answers.asked("a", 100);
    answers.asked("b", 200);
    answers.answered("b", 207);
    answers.answered("a", 105);

    assertThat(answers.millisSince(0)).containsExactlyInAnyOrder(5, 7);
  }

  @Test
  void countOnceWhenToldAgain() {
    answers.asked("a", 100);
    answers.answered("a", 105);
    answers.answered("a", 400);

    assertThat(answers.millisSince(0)).containsExactly(5);
  }

  @Test
  void areMissedWhereNoneCame() {
    answers.asked("a", 100);
    answers.asked("b", 200);
    answers.answered("a", 105);
    answers.answered("nobody", 300);

    assertThat(answers.askedSince(0)).isEqualTo(2);
    assertThat(answers.answeredSince(0)).isEqualTo(1);
    assertThat(answers.millisSince(0)).containsExactly(5);
  }

  @Test
  void countFromTheEndOfTheWarmUp() {
    answers.asked("a", 100);
    answers.asked("b", 200);
    answers.answered("a", 900);
    answers.answered("b", 205);

    assertThat(answers.askedSince(200)).isEqualTo(1);
    assertThat(answers.millisSince(200)).containsExactly(5);
    assertThat(answers.askedSince(201)).isZero();
  }
}
