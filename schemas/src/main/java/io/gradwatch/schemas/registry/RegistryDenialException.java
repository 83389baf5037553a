package io.gradwatch.schemas.registry;

import java.io.IOException;

/** Each URL of a registry denied what was asked, by the registry's own word. */
final class RegistryDenialException extends IOException {
  private static final long serialVersionUID = 1;

  RegistryDenialException(String message) {
    super(message);
  }
}
