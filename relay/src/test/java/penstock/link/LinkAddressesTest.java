package penstock.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.testkit.ManualClock;
import penstock.testkit.Seeds;
import penstock.upstream.LossReason;
import penstock.upstream.UpstreamLoss;

/** Which relay a link tries next, and when. */
class LinkAddressesTest {
    private static final UpstreamLoss STANDS_BY =
        new UpstreamLoss(LossReason.REFUSED, "answers 503", false, 503, 1_000);
    private static final UpstreamLoss GONE = UpstreamLoss.of(LossReason.UNREACHABLE, "refused", false);

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    private final ManualClock clock = new ManualClock();
    private final LinkAddresses addresses = new LinkAddresses(
        LinkPlan.of(List.of("ws://a:1", "ws://b:1"), "edge~1", 100).urls(), clock, seeds.random());

    @Test
    void shouldAskRelaysThatMayTakeOverAgainSoonAndOthersLater() {
        long longestMs = delayMs(UpstreamLoss.of(LossReason.DISCONNECTED, "reset", true));
        for (long ms = longestMs; ms < 29_000;) {
            final long next = delayMs(addresses.url().host().equals("a") ? GONE : STANDS_BY);
            longestMs = Math.max(longestMs, next);
            ms += next;
        }
        assertThat(longestMs).isBetween(250L, LinkAddresses.MAX_SOON_MS);
        clock.advance(2_000);
        long later = 0;
        for (int i = 0; i < 20; i++) {
            later += delayMs(STANDS_BY);
        }
        assertThat(later).isGreaterThan(20 * LinkAddresses.MAX_SOON_MS);
        addresses.onLive();
        assertThat(delayMs(STANDS_BY)).isLessThanOrEqualTo(LinkAddresses.MAX_SOON_MS);
    }

    @Test
    void shouldNotAskRelaysSoonThatRefuseTheClientOrItsMessages() {
        for (final UpstreamLoss loss : List.of(new UpstreamLoss(LossReason.REFUSED, "answers 403", false, 403, -1),
                UpstreamLoss.of(LossReason.PROTOCOL_ERROR, "a message is broken", true))) {
            addresses.onLive();
            long ms = 0;
            for (int i = 0; i < 20; i++) {
                ms += delayMs(loss);
            }
            assertThat(ms).as(loss.detail()).isGreaterThan(20 * LinkAddresses.MAX_SOON_MS);
        }
    }

    /** The delay after a loss, which passes. */
    private long delayMs(final UpstreamLoss loss) {
        final long ms = addresses.onLoss(loss, 0);
        clock.advance(ms);
        return ms;
    }
}
