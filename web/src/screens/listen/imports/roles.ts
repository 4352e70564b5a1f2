// What the steps of the import ask of the roles: the study document with its acts, its rows, what is open in it.
export * from './roles/document'
export * from './roles/apart'
export * from './roles/rows'
export * from './roles/problems'
