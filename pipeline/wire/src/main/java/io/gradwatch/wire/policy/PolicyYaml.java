package io.gradwatch.wire.policy;

import io.gradwatch.core.policy.PolicyDocument;
import io.gradwatch.core.policy.PolicyScope;
import io.gradwatch.core.policy.Settings;
import io.gradwatch.wire.policy.YamlValue.Entry;
import io.gradwatch.wire.policy.YamlValue.Place;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Policies as people write them:
 *
 * <pre>{@code
 * fleet:
 *   false_page_interval_steps: 1000000
 *   detectors:
 *     DIVERGENCE: {severity: WARNING, jump_spreads: 8}
 * projects:
 *   vision:
 *     effective_at: 2026-11-21T12:00:00Z
 *     detectors:
 *       LOSS_SPIKE: {enabled: false}
 * runs:
 *   vision/run-7:
 *     clip: {headroom: 1.0}
 * }</pre>
 *
 * All of it is optional, and what is absent or null inherits. Every error says file, line, name,
 * value and bound, and all errors are said at once.
 */
public final class PolicyYaml {
  /** Most bytes of a file. */
  static final int MAX_BYTES = 1 << 20;

  private static final String FLEET = "fleet";
  private static final String PROJECTS = "projects";
  private static final String RUNS = "runs";
  private static final Place TOP = new Place(1, 1);

  private final YamlErrors errors;
  private final long unlessSaid;
  private final FieldReader fields;
  private final List<PolicyDocument> documents = new ArrayList<>();

  private PolicyYaml(YamlErrors errors, long unlessSaid) {
    this.errors = errors;
    this.unlessSaid = unlessSaid;
    this.fields = new FieldReader(errors);
  }

  /**
   * The policies of a file.
   *
   * @param unlessSaid from when on a policy holds that does not say it, in milliseconds since 1970
   * @throws InvalidPolicyException when anything in it is wrong
   * @throws IOException when it cannot be read
   */
  public static List<PolicyDocument> read(Path file, long unlessSaid)
      throws IOException, InvalidPolicyException {
    byte[] bytes;
    try (var in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    }
    return parse(file.getFileName().toString(), bytes, unlessSaid);
  }

  /**
   * The policies of a text.
   *
   * @param name how errors name the file
   * @param unlessSaid from when on a policy holds that does not say it, in milliseconds since 1970
   * @throws InvalidPolicyException when anything in it is wrong
   */
  public static List<PolicyDocument> parse(String name, byte[] bytes, long unlessSaid)
      throws InvalidPolicyException {
    YamlErrors errors = new YamlErrors(name);
    if (bytes.length > MAX_BYTES) {
      errors.add(TOP, "is longer than " + MAX_BYTES + " bytes");
      errors.throwIfAny();
    }
    String text = "";
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      errors.add(TOP, "is not UTF-8");
      errors.throwIfAny();
    }
    PolicyYaml reader = new PolicyYaml(errors, unlessSaid);
    reader.document(YamlParser.parse(text, errors));
    errors.throwIfAny();
    return List.copyOf(reader.documents);
  }

  private void document(@Nullable YamlValue document) {
    if (document == null) {
      return;
    }
    for (Entry entry : fields.entries("a policy file", document)) {
      switch (entry.name().text()) {
        case FLEET -> scope(PolicyScope.FLEET, PolicyDocument.FLEET_NAME, entry);
        case PROJECTS ->
            fields
                .entries(PROJECTS, entry.value())
                .forEach(project -> scope(PolicyScope.PROJECT, project.name().text(), project));
        case RUNS ->
            fields
                .entries(RUNS, entry.value())
                .forEach(run -> scope(PolicyScope.RUN, run.name().text(), run));
        default ->
            fields.unknown(
                "", entry.name(), "part of a policy file", List.of(FLEET, PROJECTS, RUNS));
      }
    }
  }

  private void scope(PolicyScope scope, String name, Entry entry) {
    try {
      PolicyMapper.checkProject(scope, name);
    } catch (IllegalArgumentException e) {
      errors.add(entry.name().place(), String.valueOf(e.getMessage()));
    }
    ScopeReader reader = new ScopeReader(scope, errors);
    Settings settings = reader.read(entry.value());
    Long effectiveAt = reader.effectiveAt();
    try {
      documents.add(
          new PolicyDocument(
              scope, name, effectiveAt == null ? unlessSaid : effectiveAt, settings));
    } catch (IllegalArgumentException e) {
      errors.add(entry.name().place(), String.valueOf(e.getMessage()));
    }
  }
}
