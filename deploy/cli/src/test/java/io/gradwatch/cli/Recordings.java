package io.gradwatch.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;

/** Small recorded runs, the same ones every time. */
final class Recordings {
  /** Step at which {@link #loseTheLoss} starts to report NaN. */
  static final int LOST_AT = 150;

  /** Steps of each. */
  static final int STEPS = 200;

  private Recordings() {}

  /** A training where nothing happens. */
  static Path calm(Path file) throws IOException {
    return write(file, STEPS);
  }

  /** A training whose loss and gradient become NaN at {@link #LOST_AT} and stay so. */
  static Path loseTheLoss(Path file) throws IOException {
    return write(file, LOST_AT);
  }

  private static Path write(Path file, int finiteSteps) throws IOException {
    Random noise = new Random(7);
    StringBuilder text = new StringBuilder("step,loss,grad_norm,learning_rate\n");
    for (int step = 0; step < STEPS; step++) {
      double loss = 2 + Math.exp(-step / 50.0) + 0.05 * noise.nextGaussian();
      double norm = Math.exp(0.1 * noise.nextGaussian());
      text.append(
          step < finiteSteps
              ? String.format(Locale.ROOT, "%d,%.6f,%.6f,0.001%n", step, loss, norm)
              : step + ",NaN,NaN,0.001\n");
    }
    Files.writeString(file, text);
    return file;
  }
}
