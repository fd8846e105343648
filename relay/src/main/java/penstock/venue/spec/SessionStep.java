package penstock.venue.spec;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import penstock.config.ConfigSection;
import penstock.config.KeyTable;
import penstock.config.KeyTable.ChoiceKey;
import penstock.config.KeyTable.DurationKey;
import penstock.venue.rule.MessageMatch;
import penstock.venue.rule.MessageTemplate;
import penstock.venue.rule.TextMatch;

/** One step of the login. The steps run in order on every connection, before the first subscription. */
public sealed interface SessionStep permits SessionStep.AwaitText, SessionStep.Await, SessionStep.Send,
        SessionStep.Sleep {
    /** The keys of a step. */
    KeyTable KEYS = KeyTable.of("session[]");
    String SEND = KEYS.key("send", "template", KeyTable.NONE, "Send this message.");
    String AWAIT = KEYS.key("await", "conditions", KeyTable.NONE, "Wait for a matching message.");
    String AWAIT_TEXT = KEYS.key("await-text", "text", KeyTable.NONE,
        "Wait for a frame that is exactly this text, JSON or not.");
    String AWAIT_MATCHES = KEYS.key("await-matches", "regular expression", KeyTable.NONE,
        "Wait for a frame that this matches as a whole, up to 1 KiB.");
    DurationKey SLEEP = KEYS.duration("sleep", KeyTable.NONE, 1_000, 1, 600_000, "Wait this long.");
    DurationKey TIMEOUT = KEYS.duration("timeout", 10_000, 100, 600_000,
        "With `await`, `await-text` and `await-matches`: then give up the connection.");
    String FAIL = KEYS.key("fail", "conditions", KeyTable.NONE, "With `await`: a message that means the login failed.");
    ChoiceKey<OnFail> ON_FAIL = KEYS.choice("on-fail", OnFail.class,
        "`fatal`, or `retry` if the file has `{file:…}`, `{exec:…}` or `{http:…}` before",
        "`fatal` ends the relay with exit code 77, `retry` backs off.");

    /**
     * Waits for a message by its characters, JSON or not.
     *
     * @param timeoutMs then the connection is given up
     */
    record AwaitText(TextMatch text, long timeoutMs) implements SessionStep {
    }

    /**
     * Waits for a message.
     *
     * @param match     the expected message
     * @param fail      a message that means that the login failed, null = none
     * @param isFatal   true: a failed login is final; false: retry after the back-off
     * @param timeoutMs then the connection is given up and retried
     */
    record Await(MessageMatch match, MessageMatch fail, boolean isFatal, long timeoutMs) implements SessionStep {
    }

    /** Sends a message. */
    record Send(MessageTemplate template, Function<String, String> environment) implements SessionStep {
        /**
         * The message. It may contain secrets: never log it.
         *
         * @throws IllegalStateException that names an environment variable that is not set
         */
        public String message() {
            return template.render(name -> List.of(Long.toString(System.currentTimeMillis())), environment);
        }

        @Override
        public String toString() {
            return "Send";
        }
    }

    /** Waits without sending. */
    record Sleep(long forMs) implements SessionStep {
    }

    /** Reaction to a failed login. */
    enum OnFail { FATAL, RETRY }

    /** Reads one step. */
    static SessionStep read(final ConfigSection section, final VenueVariables variables) {
        final long timeoutMs = TIMEOUT.readMs(section);
        final TextMatch text = TextMatch.read(section, AWAIT_TEXT, AWAIT_MATCHES);
        if (text != null || section.has(AWAIT_MATCHES)) {
            return new AwaitText(text, timeoutMs);
        }
        if (section.has(AWAIT)) {
            final MessageMatch fail = section.has(FAIL) ? MessageMatch.read(section, FAIL) : null;
            // a login with a value that was just changed may succeed with the next one
            final OnFail onFail = variables.hasChangingValues() ? OnFail.RETRY : OnFail.FATAL;
            final boolean isFatal = ON_FAIL.read(section, onFail) == OnFail.FATAL;
            return new Await(MessageMatch.read(section, AWAIT), fail, isFatal, timeoutMs);
        }
        if (section.has(SEND)) {
            return new Send(variables.template(section, SEND, section.text(SEND, ""), Set.of("nowMs")),
                variables.environment());
        }
        if (!section.has(SLEEP.name())) {
            section.problem(AWAIT, "is missing: a step has await-text, await-matches, await, send or sleep");
        }
        return new Sleep(SLEEP.readMs(section));
    }
}
