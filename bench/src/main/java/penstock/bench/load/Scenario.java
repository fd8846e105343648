package penstock.bench.load;

/** One question to a relay under load. */
interface Scenario {
    /** Runs it, and puts what it found into the report. */
    void run(Plan plan, Report report) throws Exception;
}
