package penstock.top;

import java.util.List;
import java.util.Map;

/**
 * What one look at a relay gave. Immutable.
 *
 * @param origin   where it comes from
 * @param atNs     when, by the monotonic clock
 * @param epochUs  when, in microseconds since 1970
 * @param metrics  the metrics; without the histograms and gauges if they come from the counters file
 * @param answers  what the admin API says; all empty if it does not answer
 */
record RelayLook(Origin origin, long atNs, long epochUs, MetricValues metrics, Answers answers) {
    /**
     * Where the figures come from.
     *
     * @param place the address of the API, or the directory of the counters file
     * @param state null if the process answers; else what the counters file says of it
     * @param why   why the process does not answer; null if it does
     */
    record Origin(String place, String state, String why) {
        boolean isAnswered() {
            return state == null;
        }
    }

    /**
     * Answers of the admin API, as its page describes them: objects are maps, arrays are lists.
     *
     * @param findings what is wrong, the worst first; null if the question was not answered in time
     * @param feeds    the feeds; null if the question was not answered in time
     * @param sessions the worst sessions
     * @param open     how many sessions are open
     * @param one      the session that was asked for; null if none was, or if it has ended
     */
    record Answers(List<Map<String, Object>> findings, List<Map<String, Object>> feeds,
            List<Map<String, Object>> sessions, long open, Map<String, Object> one) {
        static final Answers NONE = new Answers(null, null, List.of(), 0, null);
    }

    /**
     * What is asked.
     *
     * @param sort    what sessions are sorted by
     * @param limit   how many of them are wanted
     * @param session the one that is wanted with all details; null = none
     */
    record Question(String sort, int limit, String session) {
    }
}
