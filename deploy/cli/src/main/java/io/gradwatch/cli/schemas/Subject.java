package io.gradwatch.cli.schemas;

import io.gradwatch.records.Acknowledgement;
import io.gradwatch.records.ClipRecommendation;
import io.gradwatch.records.Delivery;
import io.gradwatch.records.DivergenceAlarm;
import io.gradwatch.records.FleetIncident;
import io.gradwatch.records.Judgement;
import io.gradwatch.records.Policy;
import io.gradwatch.records.RunStatistics;
import io.gradwatch.records.Silence;
import io.gradwatch.records.TrainingEvent;
import io.gradwatch.schemas.KnownSchemas;
import io.gradwatch.schemas.SchemaRegistry;
import io.gradwatch.schemas.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;

/**
 * What a registry is to know of one topic.
 *
 * @param name under which it keeps the versions
 * @param schema of this build
 */
record Subject(String name, Schema schema) {

  /** All subjects of some projects, those of the projects first. Dead letters have no schema. */
  static List<Subject> of(Set<String> projects) {
    List<Subject> all = new ArrayList<>();
    for (String project : projects) {
      all.add(of(Topics.events(project), TrainingEvent.class));
      all.add(of(Topics.alarms(project), DivergenceAlarm.class));
      all.add(of(Topics.recommendations(project), ClipRecommendation.class));
      all.add(of(Topics.statistics(project), RunStatistics.class));
    }
    all.add(of(Topics.POLICIES, Policy.class));
    all.add(of(Topics.INCIDENTS, FleetIncident.class));
    all.add(of(Topics.SILENCES, Silence.class));
    all.add(of(Topics.ACKNOWLEDGEMENTS, Acknowledgement.class));
    all.add(of(Topics.JUDGEMENTS, Judgement.class));
    all.add(of(Topics.DELIVERIES, Delivery.class));
    return all;
  }

  private static Subject of(String topic, Class<? extends SpecificRecord> type) {
    return new Subject(SchemaRegistry.subjectOf(topic), KnownSchemas.of(type).newest());
  }
}
