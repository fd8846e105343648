package penstock.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import penstock.time.BackOff;
import penstock.venue.spec.UpstreamUrl;

class ReconnectPolicyTest {
    private static final long SECOND_NS = 1_000_000_000;
    private final BackOff backOff = new BackOff(250, 30_000, new SplittableRandom(3));

    @Test
    void shouldTryEveryAddressImmediatelyInTheFirstRoundThenBackOff() {
        final ReconnectPolicy policy = policy("ws://a/", "ws://b/", "ws://c/");
        assertThat(policy.url().host()).isEqualTo("a");
        assertThat(policy.onLoss(unreachable(), 0, 0)).isZero();
        assertThat(policy.url().host()).isEqualTo("b");
        assertThat(policy.onLoss(unreachable(), 0, 0)).isZero();
        assertThat(policy.url().host()).isEqualTo("c");
        assertThat(backOff.ceilingMs()).isEqualTo(250);
        policy.onLoss(unreachable(), 0, 0);
        assertThat(policy.url().host()).isEqualTo("a");
        policy.onLoss(unreachable(), 0, 0);
        policy.onLoss(unreachable(), 0, 0);
        assertThat(backOff.ceilingMs()).isEqualTo(2000);
    }

    @Test
    void shouldBackOffAfterAnImmediateLoss() {
        final ReconnectPolicy policy = policy("ws://a/", "ws://b/");
        policy.onLoss(UpstreamLoss.of(LossReason.DISCONNECTED, "", true), 59 * SECOND_NS, 0);
        assertThat(policy.url().host()).isEqualTo("b");
        assertThat(backOff.ceilingMs()).isEqualTo(500);
    }

    @Test
    void shouldReturnToThePreferredAddressAfterHealthyData() {
        final ReconnectPolicy policy = policy("ws://a/", "ws://b/");
        for (int i = 0; i < 5; i++) {
            policy.onLoss(unreachable(), 0, 0);
        }
        assertThat(policy.url().host()).isEqualTo("b");
        assertThat(policy.onLoss(UpstreamLoss.of(LossReason.DISCONNECTED, "", true), 60 * SECOND_NS, 0))
            .isBetween(0L, 250L);
        assertThat(policy.url().host()).isEqualTo("a");
        assertThat(backOff.ceilingMs()).isEqualTo(500);
    }

    @Test
    void shouldHonourRetryAfter() {
        final ReconnectPolicy policy = policy("ws://a/");
        assertThat(policy.onLoss(refused(429, 20_000), 0, 0)).isBetween(20_000L, 22_000L);
        assertThat(policy.onLoss(refused(503, 10_000_000), 0, 0)).isBetween(3_600_000L, 3_960_000L);
        assertThat(policy.onLoss(refused(503, -1), 0, 0)).isLessThan(30_000L);
    }

    @Test
    void shouldTryAnotherAddressDuringRetryAfterUnlessRateLimited() {
        final ReconnectPolicy maintenance = policy("ws://a/", "ws://b/");
        assertThat(maintenance.onLoss(refused(503, 20_000), 0, 0)).isZero();
        assertThat(maintenance.url().host()).isEqualTo("b");
        assertThat(maintenance.onLoss(unreachable(), 0, 5 * SECOND_NS)).isBetween(15_000L, 17_000L);
        final ReconnectPolicy limited = policy("ws://a/", "ws://b/");
        assertThat(limited.onLoss(refused(429, 20_000), 0, 0)).isBetween(20_000L, 22_000L);
    }

    @Test
    void shouldWaitForTheLargestDelayAfterRejectedCredentials() {
        for (final int status : List.of(401, 403, 407, 4401)) {
            final ReconnectPolicy policy = policy("ws://a/", "ws://b/");
            assertThat(policy.onLoss(refused(status, -1), 0, 0)).isZero();
            assertThat(policy.onLoss(refused(status, -1), 0, 0)).isBetween(30_000L, 33_000L);
        }
    }

    @Test
    void shouldReportAnInvalidUrl() {
        assertThatThrownBy(() -> UpstreamUrl.parse("http://a/?token=s3cret")).hasMessageContaining("ws://")
            .hasMessageNotContaining("s3cret");
        assertThatThrownBy(() -> UpstreamUrl.parse("ws://a b/?token=s3cret")).hasMessageContaining("not a URL")
            .hasMessageNotContaining("s3cret");
        assertThatThrownBy(() -> UpstreamUrl.parse("ws:///feed")).hasMessageContaining("host");
        assertThatThrownBy(() -> UpstreamUrl.parse("wss://me:s3cret@a/")).hasMessageContaining("headers")
            .hasMessageNotContaining("s3cret");
        assertThatThrownBy(() -> UpstreamUrl.parse("http://me:s3cret@a/")).hasMessageNotContaining("s3cret");
        assertThatThrownBy(() -> UpstreamUrl.parse("ws://a:70000/")).hasMessageContaining("70000");
        assertThatThrownBy(() -> UpstreamUrl.parse("ws://a/#x")).hasMessageContaining("fragment");
        assertThat(UpstreamUrl.parse("WSS://a?x=%2F&y=ü"))
            .isEqualTo(new UpstreamUrl(true, "a", 443, "/?x=%2F&y=%C3%BC"));
        assertThat(UpstreamUrl.parse("ws://[::1]:8080/s")).hasToString("ws://[::1]:8080/s");
        assertThat(UpstreamUrl.parse("wss://a/s?token=s3cret")).hasToString("wss://a/s?…");
    }

    private ReconnectPolicy policy(final String... urls) {
        backOff.reset();
        return new ReconnectPolicy(Stream.of(urls).map(UpstreamUrl::parse).toList(), backOff, 60_000);
    }

    private static UpstreamLoss unreachable() {
        return UpstreamLoss.of(LossReason.UNREACHABLE, "", false);
    }

    private static UpstreamLoss refused(final int status, final long retryAfterMs) {
        return new UpstreamLoss(LossReason.REFUSED, "", false, status, retryAfterMs);
    }
}
