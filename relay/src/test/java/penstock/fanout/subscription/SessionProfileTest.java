package penstock.fanout.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import penstock.fanout.format.WebSocketFormat;
import penstock.identity.Identity;
import penstock.identity.SessionAccess;
import penstock.thread.ThreadOwner;

/** Which clients share what one address may ask for. */
class SessionProfileTest {
    @ParameterizedTest
    @CsvSource({
        "10.1.2.3:4711,                10.1.2.3",
        "2001:db8:0:7:1:2:3:4:4711,    2001:db8:0:7",
        "2001:db8:0:7:9:9:9:9:1,       2001:db8:0:7",
        "0:0:0:0:0:0:0:1:4711,         0:0:0:0",
        "fe80:0:0:0:1:2:3:4%eth0:4711, fe80:0:0:0",
        "unknown,                      ''"})
    void shouldCountTheHostsOfAnIpv6NetworkAsOne(final String remote, final String client) {
        assertThat(new SessionProfile(1, WebSocketFormat.PLAIN, new ThreadOwner(), remote,
            new SessionAccess(Identity.ANONYMOUS), null).client())
            .isEqualTo(client);
    }
}
