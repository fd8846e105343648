package penstock.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a venue treats one client, with a manual clock. */
class ReplayClientTest {
    private static final long S = 1_000_000_000L;
    private final ListeningClient client = new ListeningClient("/");
    private ReplayClient replay;

    @Test
    void shouldPingLikeBinanceAndDisconnectWithoutAPong() {
        begin("binance");
        assertThat(replay.onTurn(0)).isEqualTo(20 * S);
        assertThat(replay.onTurn(20 * S)).isEqualTo(40 * S);
        assertThat(client.received).containsExactly("ping");
        replay.onLife(true, 21 * S);
        replay.onTurn(40 * S);
        replay.onTurn(60 * S);
        assertThat(replay.onTurn(80 * S)).isEqualTo(100 * S);
        assertThat(client.closed).isNull();
        assertThat(replay.onTurn(100 * S)).isEqualTo(FeedScript.NEVER);
        assertThat(client.closed).isEqualTo("1008 pong timeout");
        assertThat(client.received).hasSize(4);
    }

    @Test
    void shouldSendPackedPingsLikeHuobiAndRequireAnswers() {
        begin("huobi");
        replay.onTurn(5 * S);
        assertThat(client.received).singleElement().asString().startsWith("binary of ");
        say("{\"pong\":1618678073643}", 6 * S);
        replay.onTurn(10 * S);
        replay.onTurn(15 * S);
        assertThat(client.closed).isNull();
        replay.onTurn(20 * S);
        assertThat(client.closed).isEqualTo("1008 pong timeout");
    }

    @Test
    void shouldSendTestRequestsLikeDeribitAfterSetHeartbeat() {
        begin("deribit");
        assertThat(replay.onTurn(100 * S)).isEqualTo(FeedScript.NEVER);
        say("{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"public/set_heartbeat\",\"params\":{\"interval\":30}}", 100 * S);
        assertThat(replay.onTurn(100 * S)).isEqualTo(110 * S);
        replay.onTurn(110 * S);
        assertThat(client.received).containsExactly("{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":\"ok\"}",
            "{\"jsonrpc\":\"2.0\",\"method\":\"heartbeat\",\"params\":{\"type\":\"test_request\"}}");
        say("{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"public/test\",\"params\":{}}", 111 * S);
        assertThat(replay.onTurn(111 * S)).isEqualTo(120 * S);
    }

    @Test
    void shouldRequireNoAnswerIfTheVenueRequiresNone() {
        begin("finnhub");
        for (int turn = 1; turn <= 10; turn++) {
            replay.onTurn(turn * 30 * S);
        }
        assertThat(client.received).hasSize(10).containsOnly("{\"type\":\"ping\"}");
        assertThat(client.closed).isNull();
    }

    @Test
    void shouldDisconnectAClientThatExceedsTheRateLimit() {
        begin("binance");
        for (int i = 0; i < 40; i++) {
            say("{\"method\":\"LIST_SUBSCRIPTIONS\",\"id\":1}", i * S / 5);
        }
        assertThat(client.closed).as("five a second").isNull();
        // pongs count as well
        replay.onLife(true, 8 * S);
        for (int i = 1; i <= 3; i++) {
            say("{\"method\":\"LIST_SUBSCRIPTIONS\",\"id\":1}", 8 * S + i);
        }
        assertThat(client.closed).isEqualTo("1008 Too many requests");
        final int before = client.received.size();
        say("{\"method\":\"SUBSCRIBE\",\"params\":[\"x\"],\"id\":1}", 9 * S);
        assertThat(client.received).hasSize(before);
        assertThat(replay.isSubscribed()).isFalse();
    }

    private void begin(final String venue) {
        replay = new ReplayClient(client, VenueFileScript.load(venue, List.of()), 0);
    }

    private void say(final String text, final long nowNs) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        replay.onText(bytes, 0, bytes.length, nowNs);
    }
}
