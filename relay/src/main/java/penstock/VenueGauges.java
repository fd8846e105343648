package penstock;

import java.util.List;
import java.util.function.LongSupplier;
import penstock.ring.ConflationClass;
import penstock.telemetry.Telemetry;
import penstock.venue.Venue;
import penstock.venue.VenueCounts;
import penstock.venue.spec.ChannelSpec;

/** The counts by channel and by rule of the venue file, as gauges. Registered once, by the main thread. */
final class VenueGauges {
    private static final String LAG = "Receipt of the channel's newest update minus the venue's time in it, by two "
        + "clocks: negative if the venue's is ahead. NaN = its updates have no time.";
    private static final String GAPS =
        "Gaps in the sequence numbers of the channel. NaN = unknown: the venue's numbers do not show a loss.";

    private final Telemetry telemetry;
    private final String feed;

    private VenueGauges(final Telemetry telemetry, final String feed) {
        this.telemetry = telemetry;
        this.feed = feed;
    }

    /** {@code feed}: the name of one of several feeds, empty if there is one. */
    static void register(final Telemetry telemetry, final Venue venue, final String feed) {
        new VenueGauges(telemetry, feed).register(venue);
    }

    private void register(final Venue venue) {
        final VenueCounts counts = venue.counts();
        final List<ChannelSpec> channels = venue.channels();
        for (int i = 0; i < channels.size(); i++) {
            final int channel = i;
            final String name = channels.get(i).name();
            gauge("penstock_channel_updates", "Updates of the channel received.", "channel", name,
                () -> counts.updates(channel));
            gauge("penstock_channel_gaps", GAPS, "channel", name,
                () -> venue.detectsGaps(channel) ? counts.gaps(channel) : Telemetry.UNKNOWN);
            gauge("penstock_channel_lag_milliseconds", LAG, "channel", name, () -> lagMs(counts, channel));
            if (channels.get(i).conflation() == ConflationClass.EVENT) {
                gauge("penstock_channel_events", "Events of the channel received.", "channel",
                    name, () -> counts.events(channel));
                gauge("penstock_channel_events_missed",
                    "Events of the channel missing from the venue's sequence numbers. "
                    + "NaN = unknown.", "channel", name, () -> venue.detectsGaps(channel) ? counts.missed(channel)
                    : Telemetry.UNKNOWN);
            }
            if (channels.get(i).firstValueMs() > 0) {
                gauge("penstock_channel_without_value",
                    "Requested topics of the channel that the venue has accepted and never sent.", "channel", name,
                    () -> counts.withoutValue(channel));
            }
            if (channels.get(i).silenceMs() > 0) {
                gauge("penstock_channel_silent",
                    "Topics of the channel marked stale because they alone were silent.",
                    "channel", name, () -> counts.silent(channel));
            }
        }
        for (int i = 0; i < venue.rules().size(); i++) {
            final int rule = i;
            gauge("penstock_feed_rule_matched",
                "Messages, or elements of messages, that the rule of the venue file matched.",
                "rule", venue.rules().get(i), () -> counts.matched(rule));
        }
        gauge("penstock_feed_bad_times",
            "Unreadable timestamps of the venue; their updates are sent without one.", "", "",
            counts::badTimes);
        gauge("penstock_feed_bad_numbers",
            "Unreadable sequence numbers of the venue; their updates are sent unchecked.", "", "",
            counts::badNumbers);
        gauge("penstock_feed_bad_values",
            "Values of the venue that are not of the type of their field; their updates are sent without them.", "", "",
            counts::badValues);
        gauge("penstock_feed_bad_levels", "Unusable rows of order books.", "", "",
            counts::badLevels);
    }

    private static long lagMs(final VenueCounts counts, final int channel) {
        final long us = counts.lagUs(channel);
        return us == VenueCounts.UNKNOWN ? Telemetry.UNKNOWN : Math.floorDiv(us, 1_000);
    }

    private void gauge(final String name, final String sentence, final String label, final String labelValue,
            final LongSupplier value) {
        telemetry.gauge(name, sentence, value, "feed", feed, label, labelValue);
    }
}
