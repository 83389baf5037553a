package io.gradwatch.schemas.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.gradwatch.schemas.SchemaRefusedException;
import io.gradwatch.schemas.SchemaRegistry;
import io.gradwatch.schemas.registry.Compatibility.Found;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;
import org.jspecify.annotations.Nullable;

/**
 * A registry that speaks Confluent's API: their own, Karapace, Apicurio (below {@code
 * /apis/ccompat/v7}).
 *
 * <p>A failure is told apart from an answer: only the registry's own code 404xx means that it does
 * not know a schema; a 404 of a proxy, 5xx, a login that is refused and an answer that is no JSON
 * say nothing about any record. Failures come after each URL was tried three times, within three
 * times their timeouts and a second.
 *
 * <p>A schema that is denied with a code of the registry's own, 403 say, is told apart from a login
 * that may do nothing: by the schema that was told last, or, when none was, by the list of
 * subjects, which has to name one. A login that is answered neither gets a failure.
 */
public final class HttpSchemaRegistry implements SchemaRegistry {
  private static final int NONE = 0;

  private final RegistryHttp http;

  /** The id that was told last; {@link #NONE} when none was. */
  private volatile int lastTold = NONE;

  /**
   * A registry, not asked yet.
   *
   * @throws UncheckedIOException when the file with its authorities cannot be read
   */
  public HttpSchemaRegistry(RegistryOptions options) {
    try {
      http = new RegistryHttp(options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * {@inheritDoc} No registry gives ids below 1, so these are not asked for. Of an answer beyond 1
   * MiB, which no reader accepts as a schema, this is the beginning: it is the schema that is bad,
   * and asking again would not mend it.
   */
  @Override
  public @Nullable String schema(int id) {
    if (id < 1) {
      return null;
    }
    try {
      RegistryAnswer answer = http.get("/schemas/ids/" + id);
      if (answer.isUnknown()) {
        return null;
      }
      requireOk(answer, "to tell schema " + id);
      String text = answer.cut() ? answer.text() : answer.string("schema");
      lastTold = id;
      return text;
    } catch (RegistryDenialException e) {
      if (tellsOthersThan(id)) {
        throw new SchemaRefusedException(
            "schema id is "
                + id
                + ", which is denied while others are told: "
                + e.getMessage()
                + "; let this login read the subject of the id, then replay the record",
            e);
      }
      throw new UncheckedIOException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean tellsOthersThan(int id) {
    int other = lastTold;
    try {
      if (other == NONE || other == id) {
        return http.getFilledList("/subjects").isOk();
      }
      return http.get("/schemas/ids/" + other).isOk();
    } catch (IOException e) {
      return false;
    }
  }

  /** {@inheritDoc} Who may only read can ask for what is registered. */
  @Override
  public int id(String subject, Schema schema) {
    OptionalInt known = registered(subject, schema);
    return known.isPresent() ? known.getAsInt() : register(subject, schema);
  }

  /**
   * The id of a schema that a subject has; empty when it has not.
   *
   * @throws UncheckedIOException when the registry cannot be asked
   */
  public OptionalInt registered(String subject, Schema schema) {
    try {
      RegistryAnswer answer = http.post(path(subject), body(schema));
      if (answer.isUnknown()) {
        return OptionalInt.empty();
      }
      requireOk(answer, "to look up a schema of subject " + subject);
      return OptionalInt.of(answer.number("id"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Registers a schema as the next version of a subject, which is made if it is not there. One that
   * is registered already keeps its id.
   *
   * @return its id
   * @throws UncheckedIOException when the registry cannot be asked or refuses the schema, with its
   *     reason
   */
  public int register(String subject, Schema schema) {
    try {
      RegistryAnswer answer = http.post(path(subject) + "/versions", body(schema));
      requireOk(answer, "to register " + schema.getFullName() + " as subject " + subject);
      return answer.number("id");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * How a schema stands to the newest version of a subject: by the registry's rules, and by whether
   * either can be read with the other, which is what our readers rest on and not every registry is
   * told to ask. Changes nothing.
   *
   * @throws UncheckedIOException when the registry cannot be asked
   */
  public Compatibility check(String subject, Schema schema) {
    if (registered(subject, schema).isPresent()) {
      return new Compatibility(Found.REGISTERED, List.of());
    }
    try {
      RegistryAnswer latest = http.get(path(subject) + "/versions/latest");
      if (latest.isUnknown()) {
        return new Compatibility(Found.MISSING, List.of());
      }
      requireOk(latest, "to tell the newest version of subject " + subject);
      String version = "version " + latest.number("version");
      List<String> reasons = differences(schema, latest.string("schema"), version);
      RegistryAnswer verdict =
          http.post(
              "/compatibility" + path(subject) + "/versions/latest?verbose=true", body(schema));
      if (!verdict.isRefusal()) {
        requireOk(verdict, "to compare a schema with subject " + subject);
      }
      if (verdict.isRefusal() || !verdict.json().path("is_compatible").asBoolean(false)) {
        reasons.add("the registry would refuse it" + words(verdict));
      }
      return new Compatibility(reasons.isEmpty() ? Found.COMPATIBLE : Found.INCOMPATIBLE, reasons);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> differences(Schema ours, String theirText, String version) {
    List<String> reasons = new ArrayList<>();
    Schema theirs;
    try {
      theirs = new Schema.Parser().parse(theirText);
    } catch (AvroRuntimeException e) {
      reasons.add(version + " is no Avro schema");
      return reasons;
    }
    for (Incompatibility one : incompatibilities(ours, theirs)) {
      reasons.add("this schema cannot read " + version + ": " + words(one));
    }
    for (Incompatibility one : incompatibilities(theirs, ours)) {
      reasons.add(version + " cannot read this schema: " + words(one));
    }
    return reasons;
  }

  private static List<Incompatibility> incompatibilities(Schema reader, Schema writer) {
    return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
        .getResult()
        .getIncompatibilities();
  }

  private static String words(Incompatibility one) {
    return one.getType() + " at " + one.getLocation() + " (" + one.getMessage() + ")";
  }

  private static String words(RegistryAnswer verdict) {
    List<String> said = new ArrayList<>();
    for (JsonNode message : verdict.json().path("messages")) {
      said.add(message.asText());
    }
    if (!verdict.message().isEmpty()) {
      said.add(verdict.message());
    }
    return said.isEmpty() ? "" : ": " + String.join("; ", said);
  }

  private static void requireOk(RegistryAnswer answer, String what) throws IOException {
    if (!answer.isOk()) {
      throw new IOException(
          "the registry refused %s: %d %s".formatted(what, answer.errorCode(), answer.message()));
    }
  }

  private static String path(String subject) {
    return "/subjects/" + URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String body(Schema schema) {
    return JsonNodeFactory.instance.objectNode().put("schema", schema.toString()).toString();
  }
}
