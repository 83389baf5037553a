package io.gradwatch.agent.tail.tensorboard;

import java.io.IOException;

/** What stands at a place of an event file is no frame; nobody knows where the next one begins. */
final class FrameFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  FrameFormatException(String message) {
    super(message);
  }
}
