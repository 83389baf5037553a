package io.gradwatch.schemas;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.SystemLimitException;

/**
 * The Avro library's own limits on strings, byte strings and collections, for the whole JVM.
 *
 * <p>The library reads them once, when its first class loads, and its defaults are effectively off.
 * They are the second line of defence: {@link RecordCodec} bounds every record by itself, because a
 * trainer's JVM, where our producer is a guest, keeps whatever limits its owner chose. Processes of
 * our own (job, command, console) call {@link #ensure()} before they touch Avro.
 */
public final class AvroLimits {
  private static final String PREFIX = "org.apache.avro.limits.";

  /** A string can be no longer than the record that holds it; the same goes for byte strings. */
  private static final int MAX_TEXT = Limits.MAX_RECORD_BYTES;

  /** The longest collection of the contract is a layer array; room for a policy or an incident. */
  private static final int MAX_ITEMS = 4 * Limits.MAX_LAYERS;

  private static final Map<String, Integer> PROPERTIES = new LinkedHashMap<>();

  static {
    PROPERTIES.put(PREFIX + "string.maxLength", MAX_TEXT);
    PROPERTIES.put(PREFIX + "bytes.maxLength", MAX_TEXT);
    PROPERTIES.put(PREFIX + "collectionItems.maxLength", MAX_ITEMS);
    PROPERTIES.put(PREFIX + "collectionItems.maxAllocation", MAX_ITEMS);
    PROPERTIES.put(PREFIX + "decompress.maxLength", MAX_TEXT);
  }

  private AvroLimits() {}

  /**
   * Sets the limits where nobody has set others, and checks that they are in force.
   *
   * @throws IllegalStateException when the library had loaded before with wider limits; the message
   *     names the options that set them on the command line
   */
  public static void ensure() {
    PROPERTIES.forEach(
        (name, limit) -> {
          if (System.getProperty(name) == null) {
            System.setProperty(name, Integer.toString(limit));
          }
        });
    require("string.maxLength", () -> SystemLimitException.checkMaxStringLength(MAX_TEXT + 1L));
    require("bytes.maxLength", () -> SystemLimitException.checkMaxBytesLength(MAX_TEXT + 1L));
    require(
        "collectionItems.maxLength",
        () -> SystemLimitException.checkMaxCollectionLength(MAX_ITEMS + 1L));
    require(
        "collectionItems.maxAllocation",
        () -> SystemLimitException.checkMaxCollectionAllocation(MAX_ITEMS + 1L));
    if (SystemLimitException.MAX_DECOMPRESS_LENGTH > MAX_TEXT) {
      throw tooWide("decompress.maxLength");
    }
  }

  private static void require(String name, Runnable readsOneTooMany) {
    try {
      readsOneTooMany.run();
    } catch (AvroRuntimeException refused) {
      return;
    }
    throw tooWide(name);
  }

  private static IllegalStateException tooWide(String name) {
    String property = PREFIX + name;
    return new IllegalStateException(
        "Avro had loaded before its limit "
            + property
            + " was set, or the limit set is wider than "
            + PROPERTIES.get(property)
            + "; start the JVM with -D"
            + property
            + "="
            + PROPERTIES.get(property));
  }
}
