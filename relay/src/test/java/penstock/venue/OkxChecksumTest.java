package penstock.venue;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import penstock.ring.UpdateSlice;
import penstock.text.PrintableText;
import penstock.venue.spec.ControlKind;
import penstock.venue.spec.GapAction;

/** OKX's books and the checksums that it sent with them. */
class OkxChecksumTest implements VenueListener {
    private final Venue okx = Venue.load("okx", name -> null);
    private final FeedBooks books = new FeedBooks(okx);
    private final Map<String, Integer> topics = new HashMap<>();
    private final List<Boolean> right = new ArrayList<>();

    @Test
    void shouldCheckTheAlternatingBestLevels() {
        final CRC32 crc = new CRC32();
        crc.update("3366.1:7:3366.8:9:3366:6:3368:8:3300:1".getBytes(StandardCharsets.US_ASCII));
        final int checksum = (int) crc.getValue();
        final String levels = "'bids':[['3366.1','7','0','3'],['3366','6','3','4'],['3300','1','0','1']],"
            + "'asks':[['3366.8','9','10','3'],['3368','8','3','4']]";
        say("snapshot", levels, checksum);
        say("snapshot", levels, checksum + 1L);
        say("snapshot", levels, 0);
        assertThat(right).containsExactly(true, false, true);
    }

    @Test
    void shouldMatchEveryChecksumOfTheRecording() {
        int checksums = 0;
        for (final RecordedFeed feed : Recordings.of("okx")) {
            for (final byte[] frame : feed.frames()) {
                checksums += Recordings.text(frame).contains("\"checksum\":") ? 1 : 0;
                tell(frame);
            }
            assertThat(right).as(feed.name()).hasSize(checksums).doesNotContain(false);
        }
        assertThat(checksums).isPositive();
    }

    private void say(final String action, final String levels, final long checksum) {
        tell(("{'arg':{'channel':'books','instId':'BTC-USDT'},'action':'" + action + "','data':[{" + levels
            + ",'ts':'1','checksum':"
            + checksum + "}]}").replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private void tell(final byte[] frame) {
        okx.onText(frame, 0, frame.length, 0, this);
    }

    @Override
    public void onUpdate(final int channel, final byte[] symbol, final int symbolOffset, final int symbolLength,
            final long timeUs,
            final UpdateSlice slices) {
        if (okx.channels().get(channel).name().equals("book")) {
            final String name = new String(symbol, symbolOffset, symbolLength, StandardCharsets.UTF_8);
            right.add(books.apply(channel, topics.computeIfAbsent(name, key -> topics.size()), slices, true)
                == FeedBooks.Outcome.WHOLE);
        }
    }

    @Override
    public void onControl(final ControlKind kind, final byte[] frame, final int offset, final int length) {
        // answers to the subscriptions
    }

    @Override
    public void onUnmatched(final byte[] frame, final int offset, final int length) {
        throw new AssertionError(PrintableText.excerpt(frame, offset, length));
    }

    @Override
    public void onNotJson(final byte[] frame, final int offset, final int length, final int errorAt) {
        throw new AssertionError(PrintableText.excerpt(frame, offset, length));
    }

    @Override
    public void onUndecodable(final byte[] frame, final int offset, final int length, final String what) {
        throw new AssertionError(what);
    }

    @Override
    public void onSymbolCollision(final byte[] symbol, final int offset, final int length) {
    }

    @Override
    public void onBadNumber(final int channel, final byte[] frame, final int offset, final int length) {
    }

    @Override
    public void onDuplicate(final int channel) {
        throw new AssertionError("nothing came twice");
    }

    @Override
    public void onGap(final int channel, final byte[] symbol, final int symbolOffset, final int symbolLength,
            final GapAction action,
            final long expected, final long got) {
        throw new AssertionError("nothing is missing");
    }
}
