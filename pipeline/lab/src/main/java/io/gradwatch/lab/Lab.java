package io.gradwatch.lab;

import io.gradwatch.lab.calibrate.CalibrateCommand;
import io.gradwatch.lab.latency.CheckpointsCommand;
import io.gradwatch.lab.latency.LatencyCommand;
import io.gradwatch.lab.peers.LeadTimesCommand;
import io.gradwatch.lab.peers.PeersCommand;
import io.gradwatch.lab.publisher.PublisherCostCommand;
import io.gradwatch.lab.robustness.LeaveOneOutCommand;
import io.gradwatch.lab.robustness.RobustnessCommand;
import io.gradwatch.lab.robustness.SensitivityCommand;
import io.gradwatch.lab.startup.StartUpCommand;
import io.gradwatch.lab.throughput.GridCommand;
import io.gradwatch.lab.throughput.GrowthCommand;
import io.gradwatch.lab.throughput.ThroughputCommand;
import io.gradwatch.schemas.AvroLimits;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The lab's commands; started by the scripts of this module. */
@Command(
    name = "lab",
    subcommands = {
      PeersCommand.class,
      LeadTimesCommand.class,
      LeaveOneOutCommand.class,
      RobustnessCommand.class,
      SensitivityCommand.class,
      CalibrateCommand.class,
      StateSizeCommand.class,
      StepCostCommand.class,
      ThroughputCommand.class,
      GridCommand.class,
      GrowthCommand.class,
      PublisherCostCommand.class,
      LatencyCommand.class,
      CheckpointsCommand.class,
      StartUpCommand.class
    })
public final class Lab {
  private Lab() {}

  /** Runs a command and exits with its code. */
  public static void main(String[] arguments) {
    AvroLimits.ensure();
    CommandLine lab = new CommandLine(new Lab());
    lab.getSubcommands()
        .values()
        .forEach(command -> command.getCommandSpec().mixinStandardHelpOptions(true));
    System.exit(lab.execute(arguments));
  }
}
