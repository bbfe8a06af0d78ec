/** Version of the tool, written into every recording, baseline and report. A test keeps it equal to package.json's. */
export const toolVersion = '0.1.0'
