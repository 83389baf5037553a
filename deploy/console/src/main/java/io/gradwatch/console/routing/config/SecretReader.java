package io.gradwatch.console.routing.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads values that must not stand in a file: {@code NAME: ${env:VARIABLE}} or {@code NAME-file:
 * PATH}.
 *
 * @param folder from which paths are seen
 * @param environment variables that may be named
 */
record SecretReader(Path folder, Map<String, String> environment) {

  /** The secret of a name; null when there is none, or when it cannot be had, which is told. */
  @Nullable Secret read(YamlSection section, String name) {
    if (section.has(name + "-file")) {
      if (section.has(name)) {
        section.refuse(name, name + " and " + name + "-file are both set");
      }
      return section
          .parsed(
              name + "-file",
              Optional.<Secret>empty(),
              path -> Optional.of(Secret.ofFile(folder.resolve(path))))
          .orElse(null);
    }
    return section
        .parsed(
            name,
            Optional.<Secret>empty(),
            text -> Optional.of(Secret.ofVariable(text, environment)))
        .orElse(null);
  }

  /** The same for what may be written in clear as well, such as the address of a webhook. */
  @Nullable Secret readOrPlain(YamlSection section, String name) {
    String text = section.text(name);
    return text == null || Secret.isReference(text) ? read(section, name) : Secret.plain(text);
  }
}
