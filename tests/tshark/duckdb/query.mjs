// SPDX-License-Identifier: GPL-2.0-or-later
// node query.mjs TABLE FILE.csv QUERIES.sql: what DuckDB answers, in the form of sqlite3's "-header".
import fs from 'fs';
import { DuckDBInstance } from '@duckdb/node-api';

const [table, csv, sql] = process.argv.slice(2);
const connection = await (await DuckDBInstance.create(':memory:')).connect();
await connection.run(`CREATE TABLE ${table} AS SELECT * FROM read_csv('${csv}', all_varchar = true)`);
for (const query of fs.readFileSync(sql, 'utf8').replace(/--.*/g, '').split(';').filter((text) => text.trim())) {
    const answer = await connection.runAndReadAll(query);
    const rows = answer.getRows();
    if (rows.length > 0 && !/^\s*CREATE/.test(query))
        for (const row of [answer.columnNames(), ...rows])
            console.log(row.map((cell) => cell ?? '').join('|'));
}
