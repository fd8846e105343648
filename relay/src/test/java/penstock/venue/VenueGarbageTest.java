package penstock.venue;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.StringReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import penstock.ring.UpdateSlice;
import penstock.testkit.OnlyUpdates;
import penstock.venue.spec.ControlKind;
import penstock.venue.spec.GapAction;

/** The feed thread must not make garbage per frame. */
class VenueGarbageTest {
    private static final int FRAMES = 20_000;

    @Test
    void shouldMakeNoGarbageForAQuoteOfBinance() {
        assertThat(bytesPerFrame("binance",
            "{'stream':'ltcusdt@bookTicker','data':{'u':400900217,'s':'LTCUSDT','b':'71.10','B':'31.21','a':'71.20',"
                + "'A':'4.6'}}"))
            .isZero();
    }

    @Test
    void shouldMakeNoGarbageForIgnoredAndUnknownMessages() {
        assertThat(bytesPerFrame("binance",
            "{'stream':'ltcusdt@trade','data':{'e':'trade','E':1700000000123,'p':'1'}}")).isZero();
        assertThat(bytesPerFrame("binance", "{'strange':[1,2,3],'x':'a\\nb'}")).isZero();
        assertThat(bytesPerFrame("binance", "{'stream':'ltcusdt@bookTicker'")).isZero();
    }

    @Test
    void shouldMakeNoGarbageForAQuoteOfTraderMadeAndTheDemo() {
        assertThat(bytesPerFrame("tradermade-v1", "{'symbol':'EURUSD','ts':'1636114682174','bid':1.10,'ask':1.20}"))
            .isZero();
        assertThat(bytesPerFrame("demo", "{'symbol':'EURUSD','time':1795197922737123,'quote':{'bid':1.1,'ask':1.2}}"))
            .isZero();
    }

    @Test
    void shouldMakeNoGarbageForElementsFiltersAndBooks() {
        assertThat(bytesPerFrame("alpaca", "[{'T':'q','S':'ABC','bp':1.10,'t':'2026-01-01T00:00:00.123456789Z'}]"))
            .isZero();
        assertThat(bytesPerFrame("bitstamp",
            "{'data':{'microtimestamp':'1700000000123456','bids':[['1.1','2']],'asks':[['1.2','0']]},"
            + "'channel':'diff_order_book_ltcusd','event':'data'}")).isZero();
        assertThat(bytesPerFrame("kraken-v2",
            "{'channel':'book','type':'update','data':[{'symbol':'A/B','bids':[{'price':1.1,'qty':0}],"
            + "'asks':[{'price':1.2,'qty':3}],'checksum':1}]}")).isZero();
        assertThat(bytesPerFrame("binance", "{'stream':'ltcusdt@trade','data':{'e':'trade','s':'LTCUSDT','t':'x'}}"))
            .isZero();
        assertThat(bytesPerFrame("bitfinex", "[7,[1.1,0,1]]")).isZero();
        assertThat(bytesPerFrame("dydx-v4",
            "{'channel':'v4_markets','type':'channel_data','contents':{'oraclePrices':{'ABC-USD':{'oraclePrice':'1.10'}}}}"))
            .isZero();
    }

    @Test
    void shouldMakeNoGarbageForChosenFields() {
        final String file = """
            name = x
            channels { trade { class = event, default = true }, mark { class = merge } }
            messages { rules = [
              { name = t, match { "$/p" = "*" }, key = "$/s", emit { price = "$/p", size = ["$/none", "$/q"], id = "$/i"
                side = "$/m | lookup({'true':'sell','false':'buy'})", at = "$/t | ms(ns)", on = "=here", more = "$/x"
                mid = "mid(price, size)", spread = "spread(price, size)" } }
              { name = m, match { "$/m" = "*" }, channel = mark, kind = snapshot, key = "$/s"
                emit { mark = "$/m", index = "$/i" } }
            ] }
            """;
        assertThat(bytesPerFrame(VenueReader.read(new StringReader(file), "v.conf", name -> null),
            "{'s':'A','p':'71.10','q':-1.2e-3,'i':1773021600123456789,'m':true,'t':'1700000000123456789','x':'a\"b'}"))
            .isZero();
        assertThat(bytesPerFrame(VenueReader.read(new StringReader(file), "v.conf", name -> null),
            "{'s':'A','m':'1.5','i':null}")).isZero();
        assertThat(bytesPerFrame(VenueReader.read(new StringReader(file), "v.conf", name -> null),
            "{'s':'A','p':'N/A','q':'x'}")).isZero();
    }

    /** A known order that changes, is reduced, moves to another price; prices and sizes of up to 18 digits. */
    @Test
    void shouldMakeNoGarbageForChangesOfKnownOrders() {
        final String file = """
            name = x
            channels { book { class = order-book, default = true } }
            messages { rules = [
              { name = all, match { "$/all" = "*" }, key = "$/s", kind = snapshot, emit = "$/s"
                book { levels = "$/all", level = [price, left], id = id, side = side, orders = set } }
              { name = match, match { "$/taken" = "*" }, key = "$/s", kind = delta, emit = "$/s"
                book { levels = "$", level = [price, taken], id = id, side = side, orders = reduce } }
              { name = set, match { "$/s" = "*" }, key = "$/s", kind = delta, emit = "$/s"
                book { levels = "$", level = [price, left], id = id, side = side, orders = set } }
            ] }
            """;
        final Venue venue = VenueReader.read(new StringReader(file), "v.conf", name -> null);
        final FeedBooks books = new FeedBooks(venue);
        final int[] wrong = {0};
        final OnlyUpdates apply = new OnlyUpdates() {
            @Override
            public void onUpdate(final int channel, final byte[] symbol, final int symbolOffset,
                    final int symbolLength, final long timeUs, final UpdateSlice slices) {
                wrong[0] += books.apply(channel, 0, slices, true) == FeedBooks.Outcome.WHOLE
                    && slices.levels.length() > 0 ? 0 : 1;
            }
        };
        final List<byte[]> frames = Stream.of(
            "{'s':'A','all':[{'id':1,'price':'64000.01','left':'900000','side':'buy'},{'id':2,'price':64000.01,'left':0.001,"
                + "'side':'buy'},{'id':3,'price':64000.02,'left':1,'side':'buy'},{'id':4,'price':64000.02,'left':1,'side':'buy'}]}",
            "{'s':'A','id':1,'taken':'0.00012345'}", "{'s':'A','id':2,'left':'123456.789012'}",
            "{'s':'A','id':3,'price':64000.01,'left':2.5}", "{'s':'A','id':3,'price':64000.02,'left':2.5}")
            .map(frame -> frame.replace('\'', '"').getBytes(StandardCharsets.UTF_8)).toList();
        venue.onText(frames.get(0), 0, frames.get(0).length, 0, apply);
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = 0;
        for (int i = 0; i < 2 * FRAMES; i++) {
            before = i == FRAMES ? threads.getCurrentThreadAllocatedBytes() : before;
            final byte[] frame = frames.get(1 + i % 4);
            venue.onText(frame, 0, frame.length, 0, apply);
        }
        assertThat((threads.getCurrentThreadAllocatedBytes() - before) / FRAMES).isZero();
        assertThat(wrong[0]).isZero();
    }

    /** Rounded down: a class that is loaded late does not count. */
    private static long bytesPerFrame(final String name, final String text) {
        return bytesPerFrame(Venue.load(name, variable -> "test"), text);
    }

    private static long bytesPerFrame(final Venue venue, final String text) {
        final byte[] frame = text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        final Silence silence = new Silence();
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        run(venue, frame, silence);
        final long before = threads.getCurrentThreadAllocatedBytes();
        run(venue, frame, silence);
        final long after = threads.getCurrentThreadAllocatedBytes();
        assertThat(silence.calls).isEqualTo(2 * FRAMES);
        return (after - before) / FRAMES;
    }

    private static void run(final Venue venue, final byte[] frame, final VenueListener events) {
        for (int i = 0; i < FRAMES; i++) {
            venue.onText(frame, 0, frame.length, 0, events);
        }
    }

    private static final class Silence implements VenueListener {
        private int calls;

        @Override
        public void onUpdate(final int channel, final byte[] symbol, final int symbolOffset, final int symbolLength,
                final long timeUs,
                final UpdateSlice slices) {
            calls++;
        }

        @Override
        public void onControl(final ControlKind kind, final byte[] frame, final int offset, final int length) {
            calls++;
        }

        @Override
        public void onUnmatched(final byte[] frame, final int offset, final int length) {
            calls++;
        }

        @Override
        public void onNotJson(final byte[] frame, final int offset, final int length, final int errorAt) {
            calls++;
        }

        @Override
        public void onUndecodable(final byte[] frame, final int offset, final int length, final String what) {
            calls++;
        }

        @Override
        public void onSymbolCollision(final byte[] symbol, final int offset, final int length) {
        }

        @Override
        public void onBadNumber(final int channel, final byte[] frame, final int offset, final int length) {
        }

        @Override
        public void onDuplicate(final int channel) {
            calls++;
        }

        @Override
        public void onGap(final int channel, final byte[] symbol, final int symbolOffset, final int symbolLength,
                final GapAction action,
                final long expected, final long got) {
            calls++;
        }
    }
}
