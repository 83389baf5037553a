package io.gradwatch.agent.tail;

import io.gradwatch.records.EvaluationCompleted;
import io.gradwatch.records.StepCompleted;
import io.gradwatch.records.TrainingEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Takes events and keeps them. */
public final class KeptEvents implements EventSink {
  private final List<TrainingEvent> events = new ArrayList<>();
  private boolean arrive = true;
  private long lost;

  @Override
  public void publish(TrainingEvent event) {
    events.add(event);
  }

  @Override
  public boolean isSettled() {
    return arrive;
  }

  @Override
  public long lost() {
    return lost;
  }

  @Override
  public void close(Duration patience) {}

  /** From now on events are on their way for ever. */
  void neverArrive() {
    arrive = false;
  }

  /** From now on Kafka refuses them. */
  void lose() {
    arrive = false;
    lost = 1;
  }

  public List<TrainingEvent> all() {
    return events;
  }

  /** Steps as {@code attempt:step}. */
  public List<String> steps() {
    return events.stream()
        .filter(event -> event.getBody() instanceof StepCompleted)
        .map(event -> event.getAttempt() + ":" + event.getStep())
        .toList();
  }

  /** What happened, in words: {@code run attempt:step Body}. */
  public List<String> told() {
    return events.stream()
        .map(
            event ->
                event.getRunId()
                    + " "
                    + event.getAttempt()
                    + ":"
                    + event.getStep()
                    + " "
                    + event.getBody().getClass().getSimpleName())
        .toList();
  }

  public List<StepCompleted> bodies() {
    return events.stream()
        .map(TrainingEvent::getBody)
        .filter(StepCompleted.class::isInstance)
        .map(StepCompleted.class::cast)
        .toList();
  }

  public List<EvaluationCompleted> evaluations() {
    return events.stream()
        .map(TrainingEvent::getBody)
        .filter(EvaluationCompleted.class::isInstance)
        .map(EvaluationCompleted.class::cast)
        .toList();
  }
}
