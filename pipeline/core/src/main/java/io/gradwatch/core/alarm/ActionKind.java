package io.gradwatch.core.alarm;

/** Things one can do about a disturbed training. */
public enum ActionKind {
  OTHER,
  LOWER_CLIP_THRESHOLD,
  LOWER_LEARNING_RATE,
  ROLL_BACK,
  SKIP_BATCHES,
  CHECK_DATA,
  CHECK_HOST,
  CHECK_LOSS_SCALE,
  CHECK_INITIALISATION,
  CHECK_ARCHITECTURE,
  STOP_EARLY,
  WAIT
}
