package penstock.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import penstock.upstream.LossReason;

/** The page of the protocol has the words that a relay sends. */
class ProtocolPageTest {
    @Test
    void shouldHaveEveryReasonOfALoss() {
        final String status = Pages.section(Pages.text("relay/docs/reference/protocol.md"), "### The feed");
        assertThat(EnumSet.complementOf(EnumSet.of(LossReason.STOPPED)))
            .allSatisfy(reason -> assertThat(status).contains('`' + reason.word() + '`'));
    }
}
