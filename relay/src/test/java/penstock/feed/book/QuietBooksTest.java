package penstock.feed.book;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The market of BTC does not move: no change asks for its book. That of ETH does, so the line is live. */
class QuietBooksTest {
    private static final String OKX = "{'arg':{'channel':'books','instId':'%s'},'action':'%s','data':[{'asks':[],"
        + "'bids':[['9','%s','0','1']],'ts':'1700000000123','checksum':0,'prevSeqId':%d,'seqId':%d}]}";
    private static final String ANSWER = "{'id':'1','event':'subscribe','arg':{'channel':'books','instId':'%s'},'connId':'a'}";

    private final SynchronizerRig rig =
        new SynchronizerRig("okx", "book", name -> null, List.of("BTC-USDT", "ETH-USDT"));

    @BeforeEach
    void goLive() {
        say(ANSWER.formatted("ETH-USDT"), OKX.formatted("ETH-USDT", "snapshot", "1", -1, 70));
        rig.kinds.clear();
    }

    @Test
    void shouldAskForTheBookOfAMarketThatDoesNotMove() {
        say(ANSWER.formatted("BTC-USDT"));
        rig.clock.advance(QuietBooks.DELAY_MS - 1);
        assertThat(rig.asked).isEmpty();
        rig.clock.advance(1);
        assertThat(rig.asked).hasSize(1);
        assertThat(rig.lastAsked().address).hasQuery("instId=BTC-USDT&sz=400&source=0");
        rig.lastAsked().body(book(12));
        assertThat(rig.kinds).containsExactly("snapshot");
        say(OKX.formatted("BTC-USDT", "update", "2", 11, 12));
        assertThat(rig.book()).as("part of the snapshot").isEqualTo("{bid 7=5}");
        say(OKX.formatted("BTC-USDT", "update", "3", 12, 15), OKX.formatted("BTC-USDT", "update", "4", 15, 16));
        assertThat(rig.book()).isEqualTo("{bid 7=5, bid 9=4}");
        rig.clock.advance(30_000);
        assertThat(rig.asked).hasSize(1);
    }

    @Test
    void shouldAskAgainIfTheFirstChangeDoesNotFollow() {
        say(ANSWER.formatted("BTC-USDT"));
        rig.clock.advance(QuietBooks.DELAY_MS);
        rig.lastAsked().body(book(12));
        say(OKX.formatted("BTC-USDT", "update", "3", 14, 15));
        assertThat(rig.kinds).containsExactly("snapshot");
        rig.clock.advance(50);
        assertThat(rig.asked).hasSize(2);
        rig.lastAsked().body(book(15));
        say(OKX.formatted("BTC-USDT", "update", "4", 15, 16));
        assertThat(rig.kinds).containsExactly("snapshot", "snapshot", "delta");
        assertThat(rig.book()).isEqualTo("{bid 7=5, bid 9=4}");
    }

    @Test
    void shouldJoinAChangeThatComesBeforeTheAnswer() {
        say(ANSWER.formatted("BTC-USDT"));
        rig.clock.advance(QuietBooks.DELAY_MS);
        say(OKX.formatted("BTC-USDT", "update", "3", 14, 15));
        rig.lastAsked().body(book(12));
        assertThat(rig.kinds).as("too old").isEmpty();
        rig.clock.advance(2_000);
        rig.lastAsked().body(book(14));
        assertThat(rig.book()).isEqualTo("{bid 7=5, bid 9=3}");
    }

    @Test
    void shouldNotAskBeforeTheVenueHasAcceptedTheSubscription() {
        rig.clock.advance(QuietBooks.DELAY_MS + 1_000);
        assertThat(rig.asked).isEmpty();
        say(ANSWER.formatted("BTC-USDT"));
        rig.clock.advance(QuietBooks.DELAY_MS - 1_000);
        assertThat(rig.asked).hasSize(1);
    }

    @Test
    void shouldNotAskForABookThatComesByItself() {
        say(ANSWER.formatted("BTC-USDT"), OKX.formatted("BTC-USDT", "snapshot", "1", -1, 12));
        rig.clock.advance(10 * QuietBooks.DELAY_MS);
        assertThat(rig.asked).isEmpty();
    }

    @Test
    void shouldNotAskForABookThatTheVenueRejects() {
        say("{'id':'1','event':'error','code':'60018','msg':'x','connId':'a'}");
        rig.clock.advance(10 * QuietBooks.DELAY_MS);
        assertThat(rig.asked).isEmpty();
    }

    @Test
    void shouldNotAskWhileTheVenueSendsNothingAtAll() {
        final SynchronizerRig silent = new SynchronizerRig("okx", "book", name -> null, List.of("BTC-USDT"));
        silent.text(ANSWER.formatted("BTC-USDT").replace('\'', '"'));
        silent.clock.advance(4 * QuietBooks.DELAY_MS);
        assertThat(silent.asked).isEmpty();
    }

    private static String book(final long number) {
        return ("{'code':'0','data':[{'asks':[],'bids':[['7','5','0','1']],'ts':'1700000000125','seqId':" + number + "}]}").replace('\'', '"');
    }

    private void say(final String... frames) {
        for (final String frame : frames) {
            rig.text(frame.replace('\'', '"'));
        }
    }
}
