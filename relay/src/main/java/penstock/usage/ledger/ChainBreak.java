package penstock.usage.ledger;

import java.nio.file.Path;

/** A line that breaks the chain: its file, its number from 1, and what is wrong. Immutable. */
public record ChainBreak(Path file, long line, String what) {
    @Override
    public String toString() {
        return file + ":" + line + ": " + what;
    }
}
