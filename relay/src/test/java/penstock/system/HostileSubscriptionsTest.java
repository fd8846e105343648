package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that ask for what is not there, again and again, or too much: each is answered, and changes nothing. */
class HostileSubscriptionsTest {
    private static final int LIMIT = 50;
    private static final String SUBSCRIBED = "{\"op\":\"subscribe\",\"id\":1,\"sub\":\"mine\",\"symbols\":[\"EURUSD\"]}";
    private static HostileRig rig;

    @BeforeAll
    static void stream() throws IOException {
        rig = new HostileRig("fanout.limits.requests-per-second=10000");
    }

    @AfterAll
    static void shouldHaveHarmedNoOtherClient() throws IOException {
        rig.close();
    }

    @AfterEach
    void shouldServeANewClientAtOnce() throws IOException {
        rig.assertServesANewClient();
    }

    /** Symbols, and a part of the answer. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "                     |\"bad_field\",\"path\":\"/symbols\"",
        "\"\"                 |\"bad_symbol_pattern\",\"path\":\"/symbols/0\"",
        "\"A\\u0000B\"        |\"bad_symbol_pattern\",\"path\":\"/symbols/0\"",
        "\"A\\u001bB\"        |\"bad_symbol_pattern\",\"path\":\"/symbols/0\"",
        "\"A\\u0085B\"        |\"bad_symbol_pattern\",\"path\":\"/symbols/0\"",
        "\"../../etc/passwd\" |\"unknown\":[\"../../etc/passwd\"],\"denied\":[]",
        "\"%2e%2e/\"          |\"unknown\":[\"%2e%2e/\"],\"denied\":[]",
        "\"NO_SUCH\"          |\"matched\":0,\"unknown\":[\"NO_SUCH\"],\"denied\":[]",
        "\"'; DROP TABLE x\"  |\"unknown\":[\"'; DROP TABLE x\"],\"denied\":[]",
        "\"${jndi:ldap://x}\" |\"unknown\":[\"${jndi:ldap://x}\"],\"denied\":[]",
        "\"*\"                |\"matched\":50,\"unknown\":[]",
        "\"************D\"    |\"unknown\":[]"})
    void shouldAnswerEverySelectionOfSymbols(final String symbols, final String part) throws IOException {
        try (HostileClient client = rig.open()) {
            assertThat(client.ask("{\"op\":\"subscribe\",\"id\":1,\"sub\":\"mine\",\"symbols\":["
                + (symbols == null ? "" : symbols) + "]}")).contains(part, "\"id\":1,");
            assertThat(client.ask("{\"op\":\"ping\",\"id\":2}")).contains("\"pong\"");
        }
    }

    @Test
    void shouldRejectANameOfAMegabyte() throws IOException {
        rig.expectClose("a megabyte",
            HostileClient.text("{\"op\":\"subscribe\",\"symbols\":[\"" + "x".repeat(1 << 20) + "\"]}"), "close 1009 ");
    }

    @Test
    void shouldRefuseOneSubscriptionMoreThanTheLimitAndKeepTheOthers() throws IOException {
        try (HostileClient client = HostileClient.upgraded(rig.port(), "/v1/ws")) {
            for (int i = 0; i < LIMIT; i++) {
                assertThat(client.ask(SUBSCRIBED.replace("mine", "s" + i))).contains("\"ack\"");
            }
            for (int i = 0; i < 20; i++) {
                assertThat(client.ask(SUBSCRIBED)).contains("\"status\":413,\"code\":\"too_many_subscriptions\"");
            }
            final String list = client.ask("{\"op\":\"list\"}");
            assertThat(list.split("\"sub\":\"s", -1)).hasSize(LIMIT + 1);
            assertThat(list).doesNotContain("mine");
            assertThat(client.ask("{\"op\":\"unsubscribe\",\"sub\":\"s7\"}")).contains("\"ack\"");
            assertThat(client.ask(SUBSCRIBED)).contains("\"ack\"");
        }
    }

    /** An id is the client's own: the relay repeats it, and takes no two requests for one. */
    @Test
    void shouldAnswerEachRequestWhateverItsId() throws IOException {
        try (HostileClient client = HostileClient.upgraded(rig.port(), "/v1/ws")) {
            assertThat(client.ask(SUBSCRIBED)).contains("\"ack\",\"id\":1,\"op\":\"subscribe\"", "\"matched\":1");
            assertThat(client.ask(SUBSCRIBED)).contains("\"ack\",\"id\":1,\"op\":\"subscribe\"", "\"matched\":1");
            assertThat(client.ask("{\"op\":\"ping\",\"id\":1}")).contains("\"pong\",\"id\":1,");
            assertThat(client.ask("{\"op\":\"list\",\"id\":1}").split("\"sub\":", -1)).hasSize(2);
        }
    }

    @Test
    void shouldChangeNothingWhenAskedToEndWhatIsNotThere() throws IOException {
        try (HostileClient client = HostileClient.upgraded(rig.port(), "/v1/ws")) {
            assertThat(client.ask(SUBSCRIBED)).contains("\"matched\":1");
            final String before = withoutPosition(client.ask("{\"op\":\"list\"}"));
            assertThat(client.ask("{\"op\":\"unsubscribe\",\"id\":2,\"sub\":\"other\"}"))
                .startsWith("{\"type\":\"error\",\"id\":2,\"status\":404,\"code\":\"unknown_subscription\"");
            assertThat(client.ask("{\"op\":\"change\",\"id\":3,\"sub\":\"other\",\"interval\":5}"))
                .startsWith("{\"type\":\"error\",\"id\":3,\"status\":404,\"code\":\"unknown_subscription\"");
            assertThat(client.ask("{\"op\":\"unsubscribe\",\"sub\":\"mine\",\"symbols\":[\"GBPUSD\",\"NO_SUCH\"]}"))
                .contains("\"ack\"");
            assertThat(withoutPosition(client.ask("{\"op\":\"list\"}"))).isEqualTo(before);
        }
    }

    private static String withoutPosition(final String list) {
        return list.replaceAll(",\"p\":\\d+", "");
    }
}
