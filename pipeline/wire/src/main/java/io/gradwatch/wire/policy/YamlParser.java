package io.gradwatch.wire.policy;

import io.gradwatch.wire.policy.YamlValue.Entry;
import io.gradwatch.wire.policy.YamlValue.Listing;
import io.gradwatch.wire.policy.YamlValue.Mapping;
import io.gradwatch.wire.policy.YamlValue.Place;
import io.gradwatch.wire.policy.YamlValue.Text;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * One YAML document as values with their places. Takes the part of YAML that settings need: no
 * anchors and aliases (a few bytes of them make gigabytes), no tags (they name classes), one
 * document, bounded depth, no name twice.
 */
final class YamlParser {
  /** Ends the reading: the time it takes grows with the square of the depth. */
  private static final class TooDeepException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Place place;

    TooDeepException(Place place) {
      super(null, null, false, false);
      this.place = place;
    }
  }

  /** Levels of a document; a policy has four. */
  static final int MAX_DEPTH = 8;

  private static final Place TOP = new Place(1, 1);

  private final YamlErrors errors;
  private final Iterator<Event> events;

  private YamlParser(YamlErrors errors, String text) {
    this.errors = errors;
    LoadSettings settings =
        LoadSettings.builder().setUseMarks(true).setCodePointLimit(text.length() + 1).build();
    this.events = new Parse(settings).parseString(text).iterator();
  }

  /**
   * The document; nothing when the text has none.
   *
   * @param errors where errors go that do not end the reading
   * @throws InvalidPolicyException when the text is no YAML; says the errors before that too
   */
  static @Nullable YamlValue parse(String text, YamlErrors errors) throws InvalidPolicyException {
    try {
      return new YamlParser(errors, text).document();
    } catch (MarkedYamlEngineException e) {
      errors.add(
          e.getProblemMark().map(YamlParser::place).orElse(TOP), "is no YAML: " + e.getProblem());
    } catch (TooDeepException e) {
      errors.add(e.place, "is nested more than " + MAX_DEPTH + " levels deep");
    } catch (YamlEngineException e) {
      errors.add(
          TOP, "is no YAML: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
    errors.throwIfAny();
    return null;
  }

  private @Nullable YamlValue document() {
    YamlValue document = null;
    while (events.hasNext()) {
      Event event = events.next();
      if (!(event instanceof NodeEvent node)) {
        continue;
      }
      if (document != null) {
        errors.add(place(event), "a second document begins, a file holds one");
        return document;
      }
      document = value(node, 1);
    }
    return document;
  }

  private YamlValue value(NodeEvent event, int depth) {
    Place place = place(event);
    if (event instanceof AliasEvent) {
      errors.add(place, "aliases are not accepted, write the value out");
      return new Text(place, "", true);
    }
    if (event.getAnchor().isPresent()) {
      errors.add(place, "anchors are not accepted, write the value where it is needed");
    }
    if (event instanceof ScalarEvent scalar) {
      refuseTag(scalar.getTag().isPresent(), place);
      return new Text(place, scalar.getValue(), scalar.isPlain());
    }
    CollectionStartEvent start = (CollectionStartEvent) event;
    refuseTag(start.getTag().isPresent(), place);
    if (depth > MAX_DEPTH) {
      throw new TooDeepException(place);
    }
    return start.getEventId() == Event.ID.SequenceStart
        ? listing(place, depth)
        : mapping(place, depth);
  }

  private Mapping mapping(Place place, int depth) {
    List<Entry> entries = new ArrayList<>();
    Map<String, Place> first = new HashMap<>();
    for (Event event = events.next();
        event.getEventId() != Event.ID.MappingEnd;
        event = events.next()) {
      YamlValue name = value((NodeEvent) event, depth + 1);
      YamlValue value = value((NodeEvent) events.next(), depth + 1);
      if (!(name instanceof Text text)) {
        errors.add(name.place(), "a name is " + name.shape() + ", it must be a word");
        continue;
      }
      Place before = first.putIfAbsent(text.text(), text.place());
      if (before == null) {
        entries.add(new Entry(text, value));
      } else {
        errors.add(text.place(), text.text() + " is set twice, first in line " + before.line());
      }
    }
    return new Mapping(place, entries);
  }

  private Listing listing(Place place, int depth) {
    for (Event event = events.next();
        event.getEventId() != Event.ID.SequenceEnd;
        event = events.next()) {
      value((NodeEvent) event, depth + 1);
    }
    return new Listing(place);
  }

  private void refuseTag(boolean present, Place place) {
    if (present) {
      errors.add(place, "tags are not accepted");
    }
  }

  private static Place place(Event event) {
    return event.getStartMark().map(YamlParser::place).orElse(TOP);
  }

  private static Place place(Mark mark) {
    return new Place(mark.getLine() + 1, mark.getColumn() + 1);
  }
}
