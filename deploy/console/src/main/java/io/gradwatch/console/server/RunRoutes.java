package io.gradwatch.console.server;

import io.gradwatch.console.api.RunDetail;
import io.gradwatch.console.api.RunState;
import io.gradwatch.console.model.Fleet;
import io.gradwatch.console.model.FleetQuery;
import io.gradwatch.console.model.LayerKind;
import io.gradwatch.console.model.RunKey;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Runs: the fleet, one run, some beside each other. */
final class RunRoutes {
  private static final int MOST_ROWS = 2_000;
  private static final int MOST_POINTS = 2_000;
  private static final int MOST_COMPARED = 8;
  private static final Set<String> USUAL_SERIES =
      Set.of("loss", "grad_norm", "clip_threshold", "advised_threshold");

  private final Fleet fleet;

  RunRoutes(Fleet fleet) {
    this.fleet = fleet;
  }

  void addTo(Api api) {
    api.get("/fleet", this::fleet);
    api.get("/runs/{project}/{run}", context -> answer(context, detail(Asked.run(context))));
    api.get("/runs/{project}/{run}/series", this::series);
    api.get("/runs/{project}/{run}/layers", this::layers);
    api.get(
        "/runs/{project}/{run}/histograms",
        context -> answer(context, found(fleet.histograms(Asked.run(context)))));
    api.get("/compare", this::compare);
  }

  static void answer(Context context, Object record) {
    context.contentType("application/json").result(Json.bytes(record));
  }

  private void fleet(Context context) {
    String order = Asked.text(context, "order");
    if (!Set.of("", "asc", "desc").contains(order)) {
      throw RefusedException.badRequest("order is '" + order + "', must be asc or desc");
    }
    FleetQuery.Order sort = FleetQuery.Order.NEED;
    if (!Asked.text(context, "sort").isEmpty()) {
      try {
        sort = FleetQuery.Order.of(Asked.text(context, "sort"));
      } catch (IllegalArgumentException e) {
        throw RefusedException.badRequest(String.valueOf(e.getMessage()));
      }
    }
    boolean byName = sort == FleetQuery.Order.RUN || sort == FleetQuery.Order.PROJECT;
    FleetQuery query =
        new FleetQuery(
            Asked.text(context, "project"),
            Asked.constants(context, "state", RunState.class),
            Asked.text(context, "q"),
            sort,
            order.isEmpty() ? !byName : order.equals("desc"));
    answer(
        context,
        fleet.fleet(
            query,
            Asked.whole(context, "offset", 0, 0, Integer.MAX_VALUE),
            Asked.whole(context, "limit", 200, 0, MOST_ROWS)));
  }

  private void series(Context context) {
    Set<String> names = Asked.words(context, "names");
    answer(
        context,
        found(
            fleet.series(
                Asked.run(context),
                names.isEmpty() ? USUAL_SERIES : names,
                Asked.whole(context, "from", 0L, 0, Long.MAX_VALUE),
                Asked.whole(context, "to", Long.MAX_VALUE, 0, Long.MAX_VALUE),
                Asked.whole(context, "points", 400, 1, MOST_POINTS))));
  }

  private void layers(Context context) {
    String kind = Asked.text(context, "kind");
    try {
      answer(
          context,
          found(
              fleet.layers(
                  Asked.run(context), kind.isEmpty() ? LayerKind.GRADIENT : LayerKind.of(kind))));
    } catch (IllegalArgumentException e) {
      throw RefusedException.badRequest(String.valueOf(e.getMessage()));
    }
  }

  private void compare(Context context) {
    List<String> names = context.queryParams("run");
    if (names.size() < 2 || names.size() > MOST_COMPARED) {
      throw RefusedException.badRequest(
          "run is given " + names.size() + " times, must be 2 to " + MOST_COMPARED + " times");
    }
    List<RunDetail> details = new ArrayList<>();
    names.forEach(name -> details.add(detail(Asked.runNamed(name))));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("runs", details);
    answer(context, answer);
  }

  private RunDetail detail(RunKey key) {
    return found(fleet.run(key));
  }

  private static <T> T found(@Nullable T answer) {
    if (answer == null) {
      throw RefusedException.notFound(
          "no such run is known; it may have sent nothing yet, or be forgotten");
    }
    return answer;
  }
}
