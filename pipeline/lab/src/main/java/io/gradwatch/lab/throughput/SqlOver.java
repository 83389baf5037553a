package io.gradwatch.lab.throughput;

import io.gradwatch.core.signal.LayerSeries;
import io.gradwatch.core.signal.Observation;
import io.gradwatch.core.signal.RunEvent;
import io.gradwatch.jobs.functions.DecodeFunction;
import io.gradwatch.jobs.functions.WireFormat;
import io.gradwatch.jobs.records.ProducedRecord;
import io.gradwatch.jobs.types.JobTypes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;

/**
 * What a user would write instead: one row for each run, layer and step, and over the last hundred
 * of each run and layer the mean and the deviation, in SQL; a record for each row, exactly once.
 */
final class SqlOver {
  static final String QUERY =
      """
      SELECT run, layer, AVG(v) OVER latest, STDDEV_POP(v) OVER latest
      FROM steps
      WINDOW latest AS (
        PARTITION BY run, layer ORDER BY seen ROWS BETWEEN 99 PRECEDING AND CURRENT ROW)
      """;

  private static final int LAYER = 1;
  private static final int MEAN = 2;
  private static final int DEVIATION = 3;
  private static final int RESULT_BYTES = Integer.BYTES + 2 * Double.BYTES;

  private static final TypeInformation<Row> ROW =
      Types.ROW_NAMED(new String[] {"run", "layer", "v"}, Types.STRING, Types.INT, Types.DOUBLE);

  private SqlOver() {}

  static void define(StreamExecutionEnvironment env, Contestant.Ends ends, int deadLetterBytes) {
    Configuration planner = new Configuration();
    planner.set(PipelineOptions.AUTO_GENERATE_UIDS, true); // those of its operators are its own
    env.configure(planner);
    DataStream<Row> rows =
        ends.read(env)
            .process(new DecodeFunction(deadLetterBytes, WireFormat.SINGLE_OBJECT), JobTypes.EVENT)
            .uid("decode")
            .filter(event -> event.body() instanceof Observation)
            .uid("steps")
            .flatMap(rows(), ROW)
            .uid("rows");
    StreamTableEnvironment tables = StreamTableEnvironment.create(env);
    tables.createTemporaryView(
        "steps",
        rows,
        Schema.newBuilder()
            .column("run", DataTypes.STRING())
            .column("layer", DataTypes.INT())
            .column("v", DataTypes.DOUBLE())
            .columnByExpression("seen", "PROCTIME()")
            .build());
    Table result = tables.sqlQuery(QUERY);
    tables
        .toDataStream(result)
        .map(SqlOver::produced, JobTypes.PRODUCED)
        .uid("results")
        .sinkTo(ends.kafka().statistics())
        .uid("statistics");
  }

  private static FlatMapFunction<RunEvent, Row> rows() {
    return (event, out) -> {
      int place = 0;
      for (LayerSeries series : LayerSeries.values()) {
        float[] values = ((Observation) event.body()).layers(series);
        if (values != null) {
          for (float value : values) {
            out.collect(Row.of(event.runId(), place++, (double) value));
          }
        }
      }
    };
  }

  private static ProducedRecord produced(Row row) {
    byte[] value =
        ByteBuffer.allocate(RESULT_BYTES)
            .putInt((int) row.getFieldAs(LAYER))
            .putDouble((double) row.getFieldAs(MEAN))
            .putDouble((double) row.getFieldAs(DEVIATION))
            .array();
    byte[] key = row.<String>getFieldAs(0).getBytes(StandardCharsets.UTF_8);
    return new ProducedRecord(Contestant.COPY, key, value, List.of());
  }
}
