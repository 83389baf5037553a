package io.gradwatch.wire.policy;

import java.util.List;

/** A value of a YAML document, with the place where it begins. */
sealed interface YamlValue {
  /** Line and column, from 1. */
  record Place(int line, int column) {}

  /** Where it begins. */
  Place place();

  /** What it is, for a person who expected something else. */
  String shape();

  /**
   * A scalar.
   *
   * @param plain true: without quotes, so that it may be a number, a truth or nothing
   */
  record Text(Place place, String text, boolean plain) implements YamlValue {
    /** True for what YAML takes for nothing. */
    boolean isNull() {
      return plain
          && (text.isEmpty() || text.equals("~") || text.equals("null") || text.equals("Null"));
    }

    @Override
    public String shape() {
      return plain ? text : "'" + text + "'";
    }
  }

  /** Names with their values, in order; no name comes twice. */
  record Mapping(Place place, List<Entry> entries) implements YamlValue {
    @Override
    public String shape() {
      return "a mapping";
    }
  }

  /** A list; no policy has one. */
  record Listing(Place place) implements YamlValue {
    @Override
    public String shape() {
      return "a list";
    }
  }

  /** A name with its value. */
  record Entry(Text name, YamlValue value) {}
}
