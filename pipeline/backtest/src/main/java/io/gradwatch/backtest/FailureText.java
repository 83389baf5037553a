package io.gradwatch.backtest;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Says in plain words why a file could not be read or written. */
public final class FailureText {
  private FailureText() {}

  /**
   * The reason alone.
   *
   * @param file the file as the person named it; left out where the message begins with it
   */
  public static String of(String file, IOException failure) {
    if (failure instanceof NoSuchFileException) {
      return "there is no such file or folder";
    }
    if (failure instanceof AccessDeniedException) {
      return "access is denied";
    }
    if (failure instanceof FileAlreadyExistsException) {
      return "there is already something of that name";
    }
    String message =
        failure instanceof FileSystemException e ? e.getReason() : failure.getMessage();
    if (message == null) {
      return failure.getClass().getSimpleName();
    }
    String start = file + ": ";
    return message.startsWith(start) ? message.substring(start.length()) : message;
  }
}
