import { analyzeConversations } from './reads/analyze-conversations.ts';
import { readCapabilities } from './reads/capabilities.ts';
import { countValues } from './reads/count-values.ts';
import { derivationPage } from './reads/derivation-page.ts';
import { listQueue, nextQueueTime, readQueueState } from './reads/fetch-queue.ts';
import { exportObjects } from './reads/export-objects.ts';
import { exportPage } from './reads/export-page.ts';
import { findAnswer } from './reads/find-answer.ts';
import { findTrends } from './reads/find-trends.ts';
import { findRun } from './reads/find-run.ts';
import { findSearchList } from './reads/find-search-list.ts';
import { findWorkspace } from './reads/find-workspace.ts';
import { getConversation } from './reads/get-conversation.ts';
import { listArticles } from './reads/list-articles.ts';
import { listSegments } from './reads/list-segments.ts';
import { readVocabulary } from './reads/read-vocabulary.ts';
import { listWorkspaces } from './reads/list-workspaces.ts';
import { readSetting } from './reads/read-setting.ts';
import { readStatus } from './reads/read-status.ts';
import { mirrorSize } from './reads/mirror-size.ts';
import { nearestSpellings } from './reads/nearest-spellings.ts';
import { searchConversations } from './reads/search-conversations.ts';
import { similarConversations } from './reads/similar-conversations.ts';
import { getRecord } from './reads/get-record.ts';
import { listRecords } from './reads/list-records.ts';
import { listCoverage } from './reads/list-coverage.ts';
import { listedConversations } from './reads/listed-conversations.ts';
import { listPurges } from './reads/list-purges.ts';
import { readSyncPlan } from './reads/sync-plan.ts';
import { listRequests, readRequestResult } from './reads/sync-requests.ts';
import { listWakes, listWokenEntities } from './reads/sync-wakes.ts';
import { unknownCompanies } from './reads/unknown-companies.ts';
import {
  applyCompanies,
  endCompanyListing,
  failCompanies,
  queueCompanies,
} from './writes/apply-companies.ts';
import { applyContactPage } from './writes/apply-contacts.ts';
import { applyContactObjects, applyMerges, queueAbsentContacts } from './writes/apply-contact-objects.ts';
import { applyContactLists } from './writes/contact-lists.ts';
import { applyConversationPage } from './writes/apply-conversation-page.ts';
import { deriveContacts, deriveConversations } from './writes/apply-derivation.ts';
import { applyArticleObjects } from './writes/apply-articles.ts';
import { applyDeletions } from './writes/apply-deletions.ts';
import { applyThreads } from './writes/apply-threads.ts';
import { applyListPage, endList } from './writes/apply-list.ts';
import { applyTicketObjects, applyTicketPage } from './writes/apply-tickets.ts';
import { bindWorkspace } from './writes/bind-workspace.ts';
import { acquireLease, releaseLease, renewLease } from './writes/lease.ts';
import { keepSearchList } from './writes/keep-search-list.ts';
import { mergeSearchIndex } from './writes/merge-search-index.ts';
import { finishPurge, purgeSearchIndex } from './writes/purge.ts';
import { noteCapability } from './writes/note-capability.ts';
import { forgetSegments, replaceSegmentMembers } from './writes/replace-segment-members.ts';
import { replaceSmallTable } from './writes/replace-small-table.ts';
import { releaseParked } from './writes/release-parked.ts';
import {
  finishRun,
  noteProgress,
  noteRefusal,
  requestSync,
  startRun,
  withdrawRequest,
} from './writes/runs.ts';
import { failEntity, finishScan, restartWindow, startScan } from './writes/scans.ts';
import { putWakes, takeWakes } from './writes/sync-wakes.ts';

/** Every read operation by name: the names and types are the protocol of the thread boundary. */
export const reads = {
  analyzeConversations,
  derivationPage,
  exportObjects,
  exportPage,
  findAnswer,
  findRun,
  findSearchList,
  findTrends,
  findWorkspace,
  getConversation,
  getRecord,
  listRecords,
  listCoverage,
  listedConversations,
  listPurges,
  listQueue,
  listRequests,
  listSegments,
  countValues,
  readVocabulary,
  listWakes,
  listWokenEntities,
  listWorkspaces,
  listArticles,
  mirrorSize,
  nearestSpellings,
  nextQueueTime,
  readCapabilities,
  readQueueState,
  readRequestResult,
  readSetting,
  readStatus,
  readSyncPlan,
  searchConversations,
  similarConversations,
  unknownCompanies,
};

/** Every write operation by name; each runs in one transaction. */
export const writes = {
  acquireLease,
  applyArticleObjects,
  applyCompanies,
  applyContactLists,
  applyContactObjects,
  applyContactPage,
  applyConversationPage,
  applyDeletions,
  applyListPage,
  applyMerges,
  applyThreads,
  applyTicketObjects,
  applyTicketPage,
  bindWorkspace,
  deriveContacts,
  deriveConversations,
  endCompanyListing,
  endList,
  failCompanies,
  failEntity,
  finishPurge,
  finishRun,
  finishScan,
  forgetSegments,
  keepSearchList,
  mergeSearchIndex,
  noteProgress,
  putWakes,
  purgeSearchIndex,
  noteCapability,
  queueAbsentContacts,
  queueCompanies,
  releaseLease,
  releaseParked,
  renewLease,
  replaceSegmentMembers,
  replaceSmallTable,
  requestSync,
  restartWindow,
  noteRefusal,
  startRun,
  startScan,
  takeWakes,
  withdrawRequest,
};
