package io.gradwatch.schemas;

import io.gradwatch.schemas.RecordFormatException.Fault;
import java.util.HashSet;
import java.util.Set;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaNormalization;

/**
 * Turns the text of a registry's schema into a writer schema that is safe to read with.
 *
 * <p>A few hundred bytes of schema can make a reader work or allocate without bound: nesting
 * (stack), recursion (stack, driven by the data), records of records of nothing (2^n steps for no
 * byte), collections of items that take no byte. All are refused. What is left is reduced to its
 * parsing canonical form, so that no property of it (such as java-class) reaches a reader.
 *
 * <p>A schema with a body that this build does not know is refused as a whole: the library would
 * resolve that body to the first record whose fields all have defaults, which is any of ours. So
 * readers are upgraded before writers.
 */
final class WriterSchemaCheck {
  /** The largest schema of the contract takes 16 KiB. */
  static final int MAX_TEXT_CHARS = 256 * 1024;

  /** Open brackets of its text at any place; the deepest schema of the contract has 14. */
  static final int MAX_TEXT_DEPTH = 64;

  /** Types of a schema when every use of a named type is written out. */
  static final int MAX_EXPANDED_TYPES = 10_000;

  private final Set<String> open = new HashSet<>();
  private int expandedTypes;

  private WriterSchemaCheck() {}

  /**
   * The writer schema of a text.
   *
   * @throws RecordFormatException UNACCEPTABLE_SCHEMA, with the bound that was passed
   */
  static Schema parse(String text, Schema reader) throws RecordFormatException {
    if (text.length() > MAX_TEXT_CHARS) {
      throw refuse("has " + text.length() + " characters, more than " + MAX_TEXT_CHARS);
    }
    int depth = depth(text);
    if (depth > MAX_TEXT_DEPTH) {
      throw refuse("is nested " + depth + " deep, more than " + MAX_TEXT_DEPTH);
    }
    Schema schema;
    try {
      schema = new Schema.Parser().parse(text);
    } catch (AvroRuntimeException e) {
      throw refuse("is no Avro schema: " + e.getMessage());
    }
    new WriterSchemaCheck().takesBytes(schema);
    schema = new Schema.Parser().parse(SchemaNormalization.toParsingForm(schema));
    SchemaCompatibilityType compatibility =
        SchemaCompatibility.checkReaderWriterCompatibility(reader, schema).getType();
    if (compatibility != SchemaCompatibilityType.COMPATIBLE) {
      throw refuse("named " + schema.getFullName() + " cannot be read as " + reader.getFullName());
    }
    return schema;
  }

  private static int depth(String text) {
    int depth = 0;
    int deepest = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '{' || c == '[') {
        deepest = Math.max(deepest, ++depth);
      } else if (c == '}' || c == ']') {
        depth--;
      }
    }
    return deepest;
  }

  /** False when a value of this schema takes no byte at all; checks all types below it. */
  private boolean takesBytes(Schema schema) throws RecordFormatException {
    if (++expandedTypes > MAX_EXPANDED_TYPES) {
      throw refuse("has more than " + MAX_EXPANDED_TYPES + " types when written out");
    }
    return switch (schema.getType()) {
      case RECORD -> recordTakesBytes(schema);
      case UNION -> {
        for (Schema branch : schema.getTypes()) {
          takesBytes(branch);
        }
        yield true;
      }
      case ARRAY -> {
        if (!takesBytes(schema.getElementType())) {
          throw refuse("has an array of items that take no byte");
        }
        yield true;
      }
      case MAP -> {
        takesBytes(schema.getValueType());
        yield true;
      }
      case NULL -> false;
      case FIXED -> schema.getFixedSize() > 0;
      default -> true;
    };
  }

  private boolean recordTakesBytes(Schema schema) throws RecordFormatException {
    if (!open.add(schema.getFullName())) {
      throw refuse("is recursive at " + schema.getFullName());
    }
    boolean takesBytes = false;
    for (Schema.Field field : schema.getFields()) {
      takesBytes |= takesBytes(field.schema());
    }
    open.remove(schema.getFullName());
    return takesBytes;
  }

  private static RecordFormatException refuse(String what) {
    return new RecordFormatException(Fault.UNACCEPTABLE_SCHEMA, "the registry's schema " + what);
  }
}
