package penstock;

import java.util.List;
import penstock.ring.ConflationClass;
import penstock.telemetry.Telemetry;
import penstock.venue.Venue;
import penstock.venue.VenueCounts;
import penstock.venue.spec.ChannelSpec;

/** What was counted by channel and by rule of the venue file, as gauges. Registered once, by the main thread. */
final class VenueGauges {
    private static final String GAPS =
        "Gaps in the numbers of the channel's messages. NaN = unknown: the venue does not number them so "
        + "that a loss could be seen.";

    private VenueGauges() {
    }

    static void register(final Telemetry telemetry, final Venue venue) {
        final VenueCounts counts = venue.counts();
        final List<ChannelSpec> channels = venue.channels();
        for (int i = 0; i < channels.size(); i++) {
            final int channel = i;
            final String name = channels.get(i).name();
            telemetry.gauge("penstock_channel_updates", "Updates of the channel that came.", "channel", name,
                () -> counts.updates(channel));
            telemetry.gauge("penstock_channel_gaps", GAPS, "channel", name,
                () -> venue.detectsGaps(channel) ? counts.gaps(channel) : Telemetry.UNKNOWN);
            if (channels.get(i).conflation() == ConflationClass.EVENT) {
                telemetry.gauge("penstock_channel_events", "Updates of the channel, each of which counts.", "channel",
                    name,
                    () -> counts.events(channel));
                telemetry.gauge("penstock_channel_events_missed",
                    "Events of the channel that never came, by the venue's own numbers. "
                    + "NaN = unknown.", "channel", name, () -> venue.detectsGaps(channel) ? counts.missed(channel)
                    : Telemetry.UNKNOWN);
            }
            if (channels.get(i).silenceMs() > 0) {
                telemetry.gauge("penstock_channel_silent",
                    "Topics of the channel that turned stale because they alone were silent.",
                    "channel", name, () -> counts.silent(channel));
            }
        }
        for (int i = 0; i < venue.rules().size(); i++) {
            final int rule = i;
            telemetry.gauge("penstock_feed_rule_matched",
                "Messages, or elements of messages, that the rule of the venue file took.",
                "rule", venue.rules().get(i), () -> counts.matched(rule));
        }
        telemetry.gauge("penstock_feed_bad_times",
            "Times of the venue that could not be read; their updates went out without one.", "",
            counts::badTimes);
        telemetry.gauge("penstock_feed_bad_levels", "Rows of order books that could not be used.", "",
            counts::badLevels);
    }
}
