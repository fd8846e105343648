/** What every scenario uses: its plan, waiting, figures and the report that they go into. */
package penstock.bench.load.rig;
