package penstock.feed.tick;

import penstock.telemetry.Counters;
import penstock.telemetry.ErrorLog;

/**
 * The stages of a tick that all lines of a feed share. Owned by the feed thread.
 *
 * @param topics   which topic is it?
 * @param interest is there interest in it?
 * @param arbiter  was its number accepted before?
 * @param outlet   into the ring
 * @param log      samples of the frames that could not be used
 */
public record FeedStages(
        TopicIndex topics, InterestFilter interest, Arbiter arbiter, TickOutlet outlet, Counters counters,
        ErrorLog errors, FrameLog log) {
}
