package io.gradwatch.cli;

import static java.util.Objects.requireNonNull;

import io.gradwatch.cli.terminal.OutputClosedException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gradwatch dead-letters}. */
@Command(
    name = "dead-letters",
    description = "Looks after the records that were refused.",
    subcommands = {
      DeadLettersCommand.ListAll.class,
      DeadLettersCommand.Show.class,
      DeadLettersCommand.Replay.class
    })
final class DeadLettersCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        requireNonNull(spec).commandLine(),
        "a command is missing: dead-letters list, dead-letters show or dead-letters replay");
  }

  /** {@code gradwatch dead-letters list}. */
  @Command(
      name = "list",
      description =
          "Prints the letters that are there, one JSON line each, partition by partition.")
  static final class ListAll implements Callable<Integer> {
    @Mixin private LetterChoice letters = new LetterChoice();
    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
      PrintWriter out = requireNonNull(spec).commandLine().getOut();
      try {
        letters.forEach(
            letter -> {
              if (letters.isChosen(letter)) {
                out.println(letter.line());
                if (out.checkError()) {
                  throw new OutputClosedException();
                }
              }
            });
        return ExitCode.OK;
      } catch (IllegalArgumentException | KafkaException e) {
        throw letters.kafka().failure(e);
      }
    }
  }

  /** {@code gradwatch dead-letters show}. */
  @Command(
      name = "show",
      description = "Prints what the headers of one letter say, and its bytes in hexadecimal.")
  static final class Show implements Callable<Integer> {
    @Parameters(
        paramLabel = "LETTER",
        converter = LetterId.class,
        description = "PARTITION:OFFSET, as list prints it.")
    private String id = "";

    @Mixin private LetterChoice letters = new LetterChoice();
    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
      PrintWriter out = requireNonNull(spec).commandLine().getOut();
      LetterSearch search = new LetterSearch(letters, List.of(id));
      try {
        letters.forEach(
            letter -> {
              if (search.finds(letter)) {
                out.print(letter.page());
              }
            });
      } catch (IllegalArgumentException | KafkaException e) {
        throw letters.kafka().failure(e);
      }
      out.flush();
      search.requireAll();
      return ExitCode.OK;
    }
  }

  /** {@code gradwatch dead-letters replay}. */
  @Command(
      name = "replay",
      description = {
        "Sends refused records to their topic once more, as they were.",
        "Of a record that was replayed and refused again, the newest letter counts, and older"
            + " ones are passed over. One that was replayed --max-attempts times, is no longer"
            + " whole, or has a newer letter that was not asked for, is left out, and the exit code"
            + " is 1.",
        "A replay that is not refused leaves no letter and is not counted: the letter before it"
            + " may be sent again, and the job takes a repeated step for what it is."
      })
  static final class Replay implements Callable<Integer> {
    @Parameters(
        paramLabel = "LETTER",
        arity = "0..*",
        converter = LetterId.class,
        description = "PARTITION:OFFSET, as list prints it; none with --all.")
    private List<String> ids = List.of();

    @Option(names = "--all", description = "Every letter, or every one that is chosen below.")
    private boolean all;

    @Option(
        names = "--max-attempts",
        paramLabel = "N",
        defaultValue = "3",
        description =
            "Most replays of one record that may end in a letter. Default: ${DEFAULT-VALUE}.")
    private int maxAttempts;

    @Option(names = "--dry-run", description = "Tells what would be sent, and sends nothing.")
    private boolean dryRun;

    @Mixin private LetterChoice letters = new LetterChoice();
    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
      var commandLine = requireNonNull(spec).commandLine();
      Arguments.atLeastOne(commandLine, "--max-attempts", maxAttempts);
      if (all != ids.isEmpty()) {
        throw new ParameterException(commandLine, "name the letters, or say --all");
      }
      try {
        LetterReplay replay = new LetterReplay(letters, ids, maxAttempts);
        replay.choose();
        boolean complete =
            dryRun
                ? replay.plan(commandLine.getOut(), commandLine.getErr())
                : replay.send(commandLine.getOut(), commandLine.getErr());
        return complete ? ExitCode.OK : ExitCode.FAILURE;
      } catch (IllegalArgumentException | KafkaException e) {
        throw letters.kafka().failure(e);
      }
    }
  }
}
