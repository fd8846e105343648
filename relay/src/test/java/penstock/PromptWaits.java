package penstock;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import penstock.testkit.Patience;

/**
 * Tests that wait for another thread look each 10 ms, and at once. By itself Awaitility looks first after 100 ms, and
 * most waits are over sooner: a minute of the whole run. Its limit of 10 s is too short for a busy machine. JUnit finds
 * this in {@code META-INF/services}.
 */
public final class PromptWaits implements BeforeAllCallback {
    @Override
    public void beforeAll(final ExtensionContext context) {
        Awaitility.setDefaultTimeout(Patience.LIMIT);
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        Awaitility.setDefaultPollInterval(Duration.ofMillis(10));
    }
}
