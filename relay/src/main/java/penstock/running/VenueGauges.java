package penstock.running;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import penstock.ring.ConflationClass;
import penstock.feed.FeedPlan;
import penstock.telemetry.Telemetry;
import penstock.venue.Venue;
import penstock.venue.VenueCounts;
import penstock.venue.spec.ChannelSpec;

/** The counts and delays by channel, and the counts by rule of the venue file. Registered once, by the main thread. */
final class VenueGauges {
    private static final String LAG = "Receipt of the channel's newest update minus the venue's time in it, by two "
        + "clocks: negative if the venue's is ahead. NaN = its updates have no time.";
    private static final String SKEW = "Least lag of the channel in the last minute or two: the venue's clock against "
        + "this machine's, and the shortest way. NaN = its updates have no time, or there were none.";
    private static final String GAPS =
        "Gaps in the sequence numbers of the channel. No sample = unknown: the venue's numbers do not show a loss.";
    private static final long US_PER_SECOND = 1_000_000;

    private final Telemetry telemetry;
    private final String feed;

    private VenueGauges(final Telemetry telemetry, final String feed) {
        this.telemetry = telemetry;
        this.feed = feed;
    }

    /** Those of one feed; the only one has no label. */
    static void register(final Telemetry telemetry, final FeedPlan feed) {
        final String name = feed.place().name();
        new VenueGauges(telemetry, name == null ? "" : name).register(feed.venue());
    }

    private void register(final Venue venue) {
        final VenueCounts counts = venue.counts();
        final List<ChannelSpec> channels = venue.channels();
        for (int i = 0; i < channels.size(); i++) {
            final int channel = i;
            final String name = channels.get(i).name();
            count("penstock_channel_updates_total", "Updates of the channel received.", "channel", name,
                () -> counts.updates(channel));
            count("penstock_channel_gaps_total", GAPS, "channel", name,
                () -> venue.detectsGaps(channel) ? counts.gaps(channel) : Telemetry.UNKNOWN);
            seconds("penstock_channel_lag_seconds", LAG, name, () -> counts.lagUs(channel));
            seconds("penstock_channel_clock_skew_seconds", SKEW, name,
                () -> counts.leastLagUs(channel, TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis())));
            if (channels.get(i).conflation() == ConflationClass.EVENT) {
                count("penstock_channel_events_total", "Events of the channel received.", "channel",
                    name, () -> counts.events(channel));
                count("penstock_channel_events_missed_total",
                    "Events of the channel missing from the venue's sequence numbers. "
                    + "No sample = unknown.", "channel", name, () -> venue.detectsGaps(channel) ? counts.missed(channel)
                    : Telemetry.UNKNOWN);
            }
            if (channels.get(i).firstValueMs() > 0) {
                gauge("penstock_channel_without_value",
                    "Requested topics of the channel that the venue has accepted and never sent.", "channel", name,
                    () -> counts.withoutValue(channel));
            }
            if (channels.get(i).silenceMs() > 0) {
                count("penstock_channel_silent_total",
                    "Topics of the channel marked stale because they alone were silent.",
                    "channel", name, () -> counts.silent(channel));
            }
        }
        for (int i = 0; i < venue.rules().size(); i++) {
            final int rule = i;
            count("penstock_feed_rule_matched_total",
                "Messages, or elements of messages, that the rule of the venue file matched.",
                "rule", venue.rules().get(i), () -> counts.matched(rule));
        }
        count("penstock_feed_bad_times_total",
            "Unreadable timestamps of the venue; their updates are sent without one.", "", "",
            counts::badTimes);
        count("penstock_feed_bad_numbers_total",
            "Unreadable sequence numbers of the venue; their updates are sent unchecked.", "", "",
            counts::badNumbers);
        count("penstock_feed_bad_values_total",
            "Values of the venue that are not of the type of their field; their updates are sent without them.", "", "",
            counts::badValues);
        count("penstock_feed_bad_levels_total", "Unusable rows of order books.", "", "",
            counts::badLevels);
    }

    private void gauge(final String name, final String sentence, final String label, final String labelValue,
            final LongSupplier value) {
        telemetry.gauge(name, sentence, value, "feed", feed, label, labelValue);
    }

    private void count(final String name, final String sentence, final String label, final String labelValue,
            final LongSupplier value) {
        telemetry.count(name, sentence, value, "feed", feed, label, labelValue);
    }

    /** Of a channel, in microseconds. */
    private void seconds(final String name, final String sentence, final String channel, final LongSupplier us) {
        telemetry.seconds(name, sentence, US_PER_SECOND,
            () -> known(us.getAsLong()), "feed", feed, "channel", channel);
    }

    private static long known(final long us) {
        return us == VenueCounts.UNKNOWN ? Telemetry.UNKNOWN : us;
    }
}
