package penstock.top;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Looks at a relay that tests make up. Stateless. */
final class Looks {
    static final long EPOCH_US = 1_795_000_000_000_000L;
    static final long SECOND_NS = 1_000_000_000;
    static final String LIVE = """
        {"feeds":[{"name":"kraken","state":"live","since":1794999988000000,"detail":"live","wanted":50,
          "connections":[{"group":0,"url":"wss://x","state":"live","for":12,"detail":"live","items":2}]}]}""";
    static final String CONTESTED = """
        {"feeds":[{"name":"kraken","state":"stale","since":1794999988000000,"reason":"contested","detail":"waits","wanted":2,
          "connections":[{"group":0,"url":"wss://x","state":"backing_off","for":12,"detail":"waits","items":2}]}]}""";
    static final String ANOTHER_LOGIN = """
        {"findings":[{"severity":"critical","subject":"feed kraken","text":"its prices are not live",
          "cause":"another program goes on logging in with the same credentials","since":1794999988000000,
          "remedy":"stop it, or give it credentials of its own"}]}""";
    static final String WELL = "{\"findings\":[]}";
    static final String SESSIONS = """
        {"open":1000,"matched":1000,"sort":"late","sessions":[
          {"session":"slow1","endpoint":"ws","principal":"desk-7","address":"10.0.0.5:51000","open":61203,"late":4180,
           "behind":4280,"why":"socket","blocked":4210,"blockedInAll":9755,"waiting":18211,"missed":3,"updates":5120,
           "bytes":402117,"subscriptions":1,"topics":250,"channels":["kraken/quote"]},
          {"session":"well2","endpoint":"ws","address":"10.0.0.6:51000","open":61203,"late":0,"behind":40,
           "why":"interval","blocked":0,"blockedInAll":0,"waiting":0,"missed":0,"updates":5120,"bytes":402117,
           "subscriptions":1,"topics":2,"channels":["kraken/quote"]}]}""";
    static final String ONE = """
        {"session":"slow1","endpoint":"ws","principal":"desk-7","address":"10.0.0.5:51000","open":61203,"late":4180,
         "behind":4280,"why":"socket","blocked":4210,"blockedInAll":9755,"waiting":18211,"missed":3,"updates":5120,
         "bytes":402117,"subscriptions":1,"topics":250,"channels":["kraken/quote"],"details":[{"sub":"grid",
         "channel":"quote","mode":"conflate","interval":100,"topics":250,"images":0,"p":812077,"late":4180,"behind":4280,
         "why":"socket","outstanding":88,"oldest":[{"s":"BTC/USD","q":20417,"sent":20399,"age":3902}]}]}""";

    private Looks() {
    }

    /** An answer of the API. */
    static RelayLook answered(final long second, final String metrics, final String findings, final String feeds)
            throws IOException {
        final Map<String, Object> sessions = AdminJson.object(SESSIONS);
        return new RelayLook(new RelayLook.Origin("localhost:8081", null, null), second * SECOND_NS,
            EPOCH_US, MetricValues.parse(metrics), new RelayLook.Answers(
                AdminJson.objects(AdminJson.object(findings), "findings"),
                AdminJson.objects(AdminJson.object(feeds), "feeds"), AdminJson.objects(sessions, "sessions"),
                1_000, AdminJson.object(ONE)));
    }

    /** The counters file while the process does not answer. */
    static RelayLook unanswered(final long second, final String state) {
        final MetricValues counters = new MetricValues();
        counters.add("penstock_feed_updates_total{owner=\"feed\"}", 100 * second);
        counters.add("penstock_sessions_opened_total{owner=\"fanout-0\"}", 12);
        counters.add("penstock_sessions_closed_total{owner=\"fanout-0\"}", 2);
        return new RelayLook(new RelayLook.Origin("/dev/shm/penstock-me/8080", state, "no answer within a second"),
            second * SECOND_NS, EPOCH_US, counters, RelayLook.Answers.NONE);
    }

    /** Counts after {@code second} seconds of 100 updates, 300 deliveries and 900 conflations a second. */
    static String metrics(final long second) {
        return """
            # TYPE penstock_feed_updates counter
            penstock_feed_updates_total{owner="feed"} %1$d00
            penstock_updates_delivered_total{owner="fanout-0"} %1$d00
            penstock_updates_delivered_total{owner="fanout-1"} %1$d00.0
            penstock_updates_conflated_total{owner="fanout-0"} %1$d00
            penstock_bytes_sent_total{owner="fanout-0"} %1$d000
            penstock_writes_blocked_total{owner="fanout-0"} %1$d
            penstock_sessions 1000.0
            penstock_thread_cpu_seconds_total{owner="feed"} 0.%1$d
            process_cpu_seconds_total 1.%1$d
            penstock_age_seconds_bucket{owner="fanout-0",le="0.001"} %1$d0
            penstock_age_seconds_bucket{owner="fanout-0",le="0.002"} %1$d5
            penstock_age_seconds_bucket{owner="fanout-0",le="+Inf"} %1$d5
            """.formatted(second);
    }

    /** The texts of a screen, without what is empty at the end of lines. */
    static List<String> texts(final RelayFigures figures, final TopState state, final int columns, final int rows) {
        return TopScreen.lines(figures, state, columns, rows).stream().map(line -> line.toString().stripTrailing())
            .toList();
    }
}
