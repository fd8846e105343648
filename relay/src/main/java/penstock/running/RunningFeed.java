package penstock.running;

import java.util.ArrayList;
import java.util.List;
import penstock.feed.FeedProxy;
import penstock.recording.write.FeedRecording;
import penstock.ring.FeedIntroduction;
import penstock.venue.spec.ChannelSpec;

/**
 * A feed that runs, or is prepared to.
 *
 * @param run       tells it from every other feed of the relay, also from an earlier one in its place
 * @param recording null = it is not recorded
 * @param isRemoved it has left, and its place waits for it
 */
record RunningFeed(PlannedFeed planned, int run, FeedProxy proxy, FeedRecording recording, boolean isRemoved) {
    RunningFeed removed() {
        return new RunningFeed(planned, run, proxy, recording, true);
    }

    /** It goes on as it is now configured. */
    RunningFeed with(final PlannedFeed next) {
        return new RunningFeed(planned.with(next.config()), run, proxy, recording, isRemoved);
    }

    /** What the shards learn of it. */
    FeedIntroduction introduction(final long nowUs) {
        final List<ChannelSpec> specs = planned.venue().channels();
        final List<FeedIntroduction.Channel> channels = new ArrayList<>();
        for (int i = 0; i < specs.size(); i++) {
            channels.add(new FeedIntroduction.Channel(planned.plan().place().toRelay(i), specs.get(i).name(),
                specs.get(i).conflation(), specs.get(i).isDefault()));
        }
        return new FeedIntroduction(planned.number(), run, planned.name(), channels,
            planned.config().isOnDemand() ? planned.config().onDemand().maxSymbolsPerSession() : 0, nowUs);
    }
}
