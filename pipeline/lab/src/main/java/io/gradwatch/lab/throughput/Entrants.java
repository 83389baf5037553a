package io.gradwatch.lab.throughput;

import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** All who can take part, by name. */
final class Entrants implements ITypeConverter<Entrant>, Iterable<String> {
  static final List<Entrant> ALL =
      Stream.<Entrant>concat(Stream.of(Contestant.values()), Stream.of(StreamsEntrant.values()))
          .toList();

  @Override
  public Entrant convert(String name) {
    return ALL.stream()
        .filter(entrant -> entrant.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'" + name + "' is no job, must be one of " + String.join(", ", this)));
  }

  @Override
  public Iterator<String> iterator() {
    return ALL.stream().map(Entrant::name).iterator();
  }
}
